import { snake } from '../text/case.js';
import { platformTables } from './reserved.js';

/** Returns the table of a resource: its plural, and `once_keys_resource` where the platform has that table. */
export function tableName(plural: string): string {
  const name = snake(plural);
  return platformTables.has(name) ? `${name}_resource` : name;
}
