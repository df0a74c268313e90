import { diagnosticLine, UserError } from '../../errors.js';
import type { Known } from '../known.js';
import { manifest } from '../manifest.js';

/** A catalog with REST and MySQL, and one component with an option. */
export const known: Known = {
  features: new Set(['rest', 'mysql']),
  components: new Map([
    ['mysql', { impliedBy: 'stores.mysql' }],
    ['banner', { options: { type: 'object', properties: { text: { type: 'string' } }, additionalProperties: false } }],
  ]),
  environmentKeys: new Map([['HTTP_ADDR', 'httpserver']]),
  clientKeys: new Set(['ADDR', 'TIMEOUT', 'IDLE_TIMEOUT']),
};

/** The required keys: what a test adds begins on line 5. */
export const head =
  'apiVersion: create-service/v1\nname: orders\nmodule: github.com/acme/orders\nowner: team-commerce\n';

/** A manifest with a resource `order`: its fields begin on line 9, column 7; further keys of it follow in column 5. */
export function order(fields: string, more = ''): string {
  const indented = (text: string, by: string) => text.replace(/^(?=.)/gm, by);
  return `${head}resources:\n  order:\n    store: mysql\n    fields:\n${indented(fields, '      ')}\n${indented(more, '    ')}\n`;
}

/** Returns every problem as `line:column: message (…)`; none when the manifest is good. */
export function problems(text: string | Uint8Array, knowing?: Known): readonly string[] {
  try {
    manifest(text, 'f', knowing);
    return [];
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== 2) throw error;
    return error.diagnostics.map((each) => diagnosticLine(each).replace(/^f:? ?/, ''));
  }
}
