import type { Expression as ParsedExpression } from './ast.js';
import type { Problems } from './problems.js';
import type { Scopes } from './scopes.js';
import type { Expression, PathExpression, Position } from './syntax.js';

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
  const [first] = path.parts;
  if (path.data) return readData(path, state);
  const named =
    first !== undefined && path.depth === 0 && path.original === path.parts.join('.')
      ? state.scopes.named(first)
      : undefined;
  if (named !== undefined) return pathFrom(named, path, 1, state);
  const context = state.scopes.context(path.depth);
  if (context !== undefined) return pathFrom(context, path, 0, state);
  state.problems.add(position(path), `"${path.original}" goes above the root context`);
  return missing(position(path));
}

/** Reads `@index` and its like. */
function readData(path: hbs.AST.PathExpression, state: ParseState): Expression {
  const [name = ''] = path.parts;
  const variable = name === 'root' ? 'c0' : state.scopes.loop(name, path.depth);
  if (variable !== undefined) return pathFrom(variable, path, 1, state);
  state.problems.add(position(path), `${path.original} is not available here`);
  return missing(position(path));
}

/** Returns the path without its first `skipped` parts. Each part knows its own column, so that an error points at it. */
function pathFrom(
  variable: string,
  path: hbs.AST.PathExpression,
  skipped: number,
  { source }: ParseState,
): PathExpression {
  const at = position(path);
  const text = source[at.line - 1] ?? '';
  let from = at.column - 1;
  const parts = path.parts.map((name) => {
    const found = text.indexOf(name, from);
    from = Math.max(found, from) + name.length;
    return { name, at: { line: at.line, column: Math.max(found, 0) + 1 } };
  });
  return { kind: 'path', variable, at, parts: parts.slice(skipped) };
}
