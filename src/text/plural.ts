import pluralize from 'pluralize';
import { words } from './case.js';

/** Returns the plural of a kebab-case name, in kebab-case: `order-lines` for `order-line`. */
export function plural(name: string): string {
  const all = [...words(name)];
  return [...all.slice(0, -1), pluralize.plural(all.at(-1) ?? '')].join('-');
}
