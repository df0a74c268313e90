import { type Diagnostic, UserError } from '../../errors.js';
import type { ManifestResource } from '../grammar.js';
import { nameProblem } from '../name-problem.js';
import { parseField } from './parse-field.js';
import { FlagProblem, type Token, tokens } from './tokens.js';

/** A resource with its name. */
export interface NamedResource {
  readonly name: string;
  readonly resource: ManifestResource;
}

/** How a resource is written on the command line, for help and errors. */
export const resourceFlagExample =
  "'order customer_id:uuid!@index total:decimal(12,2)! status:enum(pending,paid)=pending note:text'";

const settings = ['store', 'plural'] as const;

/**
 * Reads a resource from one argument of the command line:
 *
 *     name [store=mysql] [plural=people] field:type…
 *
 * where a type is `string(254)`, `text`, `int32`, `int64`, `float64`, `decimal(12,2)`, `bool`, `uuid`, `timestamp`,
 * `date`, `enum(pending,paid)` or `json`, followed in any order by `!` (required), `?` (optional, the default),
 * `@index`, `@unique`, `@pii`, `@immutable`, `@output_only`, and last `=default`. A default with blanks stands in double
 * quotes. Throws a {@link UserError} (exit code 2) with every problem; what types allow is checked with the manifest.
 */
export function parseResourceFlag(text: string): NamedResource {
  const problems: Diagnostic[] = [];
  const attempt = <T>(token: Token, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FlagProblem)) throw error;
      const { message, found = token.text, allowed, hint } = error;
      problems.push({ file: '--resource', line: 1, column: token.column, message, found, allowed, hint });
      return undefined;
    }
  };
  const [first = { text: '', column: 1 }, ...rest] = tokens(text);
  attempt(first, () => checkName(first.text));
  const parts = rest.map((token) => ({ token, setting: settings.find((name) => token.text.startsWith(`${name}=`)) }));
  const options = parts.flatMap(({ token, setting }) =>
    setting ? [[setting, token.text.slice(setting.length + 1)]] : [],
  );
  const fields = parts.flatMap(({ token, setting }) =>
    setting ? [] : [{ token, field: attempt(token, () => parseField(token.text)) }],
  );
  for (const { token, field } of fields)
    attempt(token, () =>
      checkOnce(
        field?.[0],
        fields.map((each) => each.field?.[0]),
      ),
    );
  if (problems.length > 0)
    throw new UserError('--resource cannot be read', {
      diagnostics: problems,
      hint: `Write it like ${resourceFlagExample}`,
    });
  const declared = Object.fromEntries(fields.flatMap(({ field }) => (field ? [field] : [])));
  return {
    name: first.text,
    resource: { store: 'mysql', ...Object.fromEntries(options), ...(fields.length > 0 && { fields: declared }) },
  };
}

function checkName(name: string): void {
  const problem = nameProblem(name);
  if (problem)
    throw new FlagProblem(`the name of the resource comes first: ${problem}`, {
      allowed: 'a name such as order or order-line',
    });
}

/** @throws FlagProblem when the name is there more than once */
export function checkOnce(name: string | undefined, all: readonly (string | undefined)[]): void {
  if (name !== undefined && all.filter((each) => each === name).length > 1)
    throw new FlagProblem(`field ${name} is there twice`);
}
