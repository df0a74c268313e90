import type { Node } from 'yaml';
import type { JsonSchema } from '../json-schema.js';
import type { Path, Report } from '../problem.js';

/** What the walk needs at every step. */
export interface Walk {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  readonly report: Report;
  readonly note: (path: Path, value: Node | null, key?: Node) => void;
}
