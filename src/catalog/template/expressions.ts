import type { Expression as ParsedExpression } from './ast.js';
import type { Problems } from './problems.js';
import type { Scopes } from './scopes.js';
import type { Expression, Position } from './syntax.js';

/** Names that a template may call. */
export interface HelperNames {
  readonly helpers: ReadonlySet<string>;
  readonly blocks: ReadonlySet<string>;
}

/** What one template's parser knows at a place. */
export interface ParseState {
  readonly source: readonly string[];
  readonly names: HelperNames;
  readonly scopes: Scopes;
  readonly problems: Problems;
  /** Returns a number that no other block of the template has. */
  readonly nextId: () => number;
}

/** Stands for an expression that a problem was reported for. */
const missing = (at: Position): Expression => ({ kind: 'literal', value: '', at });

/** Returns where a node of Handlebars' tree begins. */
export function position({ loc }: hbs.AST.Node): Position {
  return { line: loc.start.line, column: loc.start.column + 1 };
}

/** Returns the expression with its paths resolved; a problem is reported for what is not allowed. */
export function readExpression(expression: ParsedExpression, state: ParseState): Expression {
  const at = position(expression);
  switch (expression.type) {
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral':
      return { kind: 'literal', value: expression.value, at };
    case 'SubExpression':
      return readCall(expression.path, expression.params as ParsedExpression[], expression.hash, state);
    case 'PathExpression':
      return isHelper(expression, state) ? readCall(expression, [], undefined, state) : readPath(expression, state);
    default:
      state.problems.add(
        at,
        `${expression.type === 'NullLiteral' ? 'null' : 'undefined'} is not allowed in a template`,
      );
      return missing(at);
  }
}

/** Reads a call of an inline helper. */
export function readCall(
  path: hbs.AST.PathExpression,
  params: readonly ParsedExpression[],
  hash: hbs.AST.Hash | undefined,
  state: ParseState,
): Expression {
  const at = position(path);
  refuseHash(hash, state);
  if (!isHelper(path, state)) {
    state.problems.add(at, `unknown helper "${path.original}"`);
    return missing(at);
  }
  return { kind: 'call', helper: path.original, at, args: params.map((param) => readExpression(param, state)) };
}

/** Reports named arguments: helpers here take positional ones only, which the type check can see through. */
export function refuseHash(hash: hbs.AST.Hash | undefined, { problems }: ParseState): void {
  for (const pair of hash?.pairs ?? []) problems.add(position(pair), `named argument "${pair.key}=" is not allowed`);
}

function isHelper(path: hbs.AST.PathExpression, { names, scopes }: ParseState): boolean {
  return names.helpers.has(path.original) && scopes.named(path.original) === undefined;
}

function readPath(path: hbs.AST.PathExpression, state: ParseState): Expression {
  const [first, ...rest] = path.parts;
  if (path.data) return readData(path, state);
  const named =
    first !== undefined && path.depth === 0 && path.original === path.parts.join('.')
      ? state.scopes.named(first)
      : undefined;
  if (named !== undefined)
    return properties({ kind: 'variable', code: named, at: position(path) }, path, rest, 1, state);
  const context = state.scopes.context(path.depth);
  if (context === undefined) {
    state.problems.add(position(path), `"${path.original}" goes above the root context`);
    return missing(position(path));
  }
  return properties({ kind: 'variable', code: context, at: position(path) }, path, path.parts, 0, state);
}

/** Reads `@index` and its like. */
function readData(path: hbs.AST.PathExpression, state: ParseState): Expression {
  const at = position(path);
  const [name = '', ...rest] = path.parts;
  const code = name === 'root' ? 'c0' : state.scopes.loop(name, path.depth);
  if (code !== undefined) return properties({ kind: 'variable', code, at }, path, rest, 1, state);
  state.problems.add(at, `${path.original} is not available here`);
  return missing(at);
}

/** Wraps `of` in one property access a part; each knows its own column, so that an error points at the part. */
function properties(
  of: Expression,
  path: hbs.AST.PathExpression,
  parts: readonly string[],
  skipped: number,
  { source }: ParseState,
): Expression {
  const { line, column } = position(path);
  const text = source[line - 1] ?? '';
  let from = column - 1;
  const next = (part: string): number => {
    const found = text.indexOf(part, from);
    from = Math.max(found, from) + part.length;
    return Math.max(found, 0) + 1;
  };
  for (const part of path.parts.slice(0, skipped)) next(part);
  return parts.reduce<Expression>(
    (inner, name) => ({ kind: 'property', of: inner, name, at: { line, column: next(name) } }),
    of,
  );
}
