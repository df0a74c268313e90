import Handlebars from 'handlebars';
import type { Diagnostic } from '../../errors.js';
import { type Expression as ParsedExpression, type Statement, statements } from './ast.js';
import { parseWithBraces } from './braces.js';
import { type HelperNames, type ParseState, position, readCall, readExpression, refuseHash } from './expressions.js';
import { Problems } from './problems.js';
import { Scopes } from './scopes.js';
import { completeSlots } from './slot-lines.js';
import type { Expression, Node, ParsedTemplate, Position } from './syntax.js';

/** What parsing gives: the template, and everything in it that is not allowed. */
export interface ParseResult {
  readonly template: ParsedTemplate;
  readonly problems: readonly Diagnostic[];
}

/**
 * Parses a template. Allowed are output, `if`/`else if`/`unless`/`each`/`with`, block parameters, `@index @key @first
 * @last @root`, `../`, raw blocks, comments, `slot "name"`, and the helpers; the rest of Handlebars is a problem.
 *
 * @param file names the template in problems
 */
export function parseTemplate(file: string, source: string, names: HelperNames): ParseResult {
  const problems = new Problems(file);
  let program: hbs.AST.Program;
  try {
    program = parseSource(source);
  } catch (error) {
    problems.add(syntaxErrorPosition(error), syntaxErrorMessage(error));
    return { template: { body: [] }, problems: problems.all };
  }
  let id = 0;
  const state: ParseState = { source: source.split('\n'), names, scopes: new Scopes(), problems, nextId: () => ++id };
  return { template: { body: readBody(program, state) }, problems: problems.all };
}

/** Returns Handlebars' own tree with the slot tags completed: what both the emitter and real Handlebars start from. */
export function parseSource(source: string): hbs.AST.Program {
  const program = parseWithBraces(source, Handlebars.parse);
  completeSlots(program, source);
  return program;
}

function readBody(program: hbs.AST.Program | undefined, state: ParseState): readonly Node[] {
  return statements(program).flatMap((statement) => readStatement(statement, state));
}

function readStatement(statement: Statement, state: ParseState): readonly Node[] {
  switch (statement.type) {
    case 'ContentStatement':
      return statement.value === '' ? [] : [{ kind: 'text', text: statement.value }];
    case 'CommentStatement':
      return [];
    case 'MustacheStatement':
      return readMustache(statement, state);
    case 'BlockStatement':
      return readBlock(statement, state);
    default:
      state.problems.add(position(statement), `${refusedNames[statement.type]} are not allowed in a template`);
      return [];
  }
}

const refusedNames = {
  PartialStatement: 'partials',
  PartialBlockStatement: 'partials',
  Decorator: 'decorators',
  DecoratorBlock: 'decorators',
} as const;

function readMustache(statement: hbs.AST.MustacheStatement, state: ParseState): readonly Node[] {
  if (!statement.escaped) state.problems.add(position(statement), '{{& }} is not needed: nothing is escaped');
  const params = statement.params as ParsedExpression[];
  const path = statement.path as ParsedExpression;
  if (path.type !== 'PathExpression') {
    state.problems.add(position(path), 'a literal needs no braces');
    return [];
  }
  if (path.original === 'slot') return readSlot(statement, params, state);
  if (params.length > 0 || statement.hash)
    return [{ kind: 'print', value: readCall(path, params, statement.hash, state) }];
  return [{ kind: 'print', value: readExpression(path, state) }];
}

function readSlot(
  statement: hbs.AST.MustacheStatement,
  params: ParsedExpression[],
  state: ParseState,
): readonly Node[] {
  refuseHash(statement.hash, state);
  const [name, context, indent] = params;
  if (name?.type !== 'StringLiteral' || !context || params.length > 3) {
    state.problems.add(position(statement), 'slot takes a name in quotes and, if not this, a context');
    return [];
  }
  if (indent?.type !== 'StringLiteral') {
    state.problems.add(position(statement), 'a slot stands alone on its line');
    return [];
  }
  const at = position(name);
  return [{ kind: 'slot', name: name.value, at, context: readExpression(context, state), indent: indent.value }];
}

function readBlock(block: hbs.AST.BlockStatement, state: ParseState): readonly Node[] {
  const name = block.path.original;
  // Handlebars marks {{{{raw}}}} only by leaving the strip flags out.
  if (block.openStrip.open === undefined) return readRaw(block, state);
  refuseHash(block.hash, state);
  if (state.names.blocks.has(name)) return readBlockHelper(block, state);
  const read = Object.hasOwn(builtIn, name) ? builtIn[name as keyof typeof builtIn] : undefined;
  if (read === undefined) return refuse(block, `unknown block helper "#${name}"`, state);
  const [argument, ...more] = block.params as ParsedExpression[];
  if (!argument || more.length > 0)
    return refuse(block, `#${name} needs 1 argument, got ${block.params.length}`, state);
  return read(block, readExpression(argument, state), state);
}

function refuse(block: hbs.AST.BlockStatement, message: string, { problems }: ParseState): readonly Node[] {
  problems.add(position(block.path), message);
  return [];
}

type BlockReader = (block: hbs.AST.BlockStatement, argument: Expression, state: ParseState) => readonly Node[];

const builtIn = {
  if: (block, condition, state) => [readIf(block, condition, false, state)],
  unless: (block, condition, state) => [readIf(block, condition, true, state)],
  each: readEach,
  with: readWith,
} satisfies Record<string, BlockReader>;

function readIf(block: hbs.AST.BlockStatement, condition: Expression, negated: boolean, state: ParseState): Node {
  return {
    kind: 'if',
    negated,
    condition,
    body: readBody(block.program, state),
    otherwise: readBody(block.inverse, state),
  };
}

function readEach(block: hbs.AST.BlockStatement, list: Expression, state: ParseState): readonly Node[] {
  const id = state.nextId();
  const names = blockParams(block, [`c${id}`, `k${id}`], state);
  const body = state.scopes.within({ context: `c${id}`, names, loop: id }, () => readBody(block.program, state));
  return [{ kind: 'each', id, list, body, otherwise: readBody(block.inverse, state) }];
}

function readWith(block: hbs.AST.BlockStatement, value: Expression, state: ParseState): readonly Node[] {
  const id = state.nextId();
  const names = blockParams(block, [`c${id}`], state);
  const body = state.scopes.within({ context: `c${id}`, names }, () => readBody(block.program, state));
  return [{ kind: 'with', id, value, body, otherwise: readBody(block.inverse, state) }];
}

function blockParams(
  block: hbs.AST.BlockStatement,
  variables: readonly string[],
  state: ParseState,
): Map<string, string> {
  const names = new Map<string, string>();
  (block.program.blockParams ?? []).forEach((name, index) => {
    const variable = variables[index];
    if (variable === undefined)
      state.problems.add(position(block.path), `#${block.path.original} has no block parameter ${index + 1}`);
    else if (state.names.helpers.has(name))
      state.problems.add(position(block.path), `block parameter "${name}" hides a helper`);
    else names.set(name, variable);
  });
  return names;
}

function readBlockHelper(block: hbs.AST.BlockStatement, state: ParseState): readonly Node[] {
  if (block.inverse) state.problems.add(position(block.path), `#${block.path.original} has no else`);
  const args = (block.params as ParsedExpression[]).map((param) => readExpression(param, state));
  return [
    {
      kind: 'block',
      helper: block.path.original,
      at: position(block.path),
      args,
      body: readBody(block.program, state),
    },
  ];
}

function readRaw(block: hbs.AST.BlockStatement, state: ParseState): readonly Node[] {
  if (block.path.original !== 'raw')
    return refuse(block, `a raw block is {{{{raw}}}}, not {{{{${block.path.original}}}}}`, state);
  return readBody(block.program, state);
}

/** Handlebars says `Parse error on line 3:`, an excerpt and what it expected, or `if doesn't match each - 3:4`. */
function syntaxErrorPosition(error: unknown): Position {
  const [, line, column] = /line (\d+)/.exec(String(error)) ?? / - (\d+):(\d+)/.exec(String(error)) ?? [];
  return { line: Number(line ?? 1), column: Number(column ?? 0) + 1 };
}

function syntaxErrorMessage(error: unknown): string {
  const [first = '', ...rest] = String(error instanceof Error ? error.message : error).split('\n');
  const got = rest.map((line) => /got '(.*)'$/.exec(line)?.[1]).find(Boolean);
  if (got === undefined) return first.replace(/ - \d+:\d+$/, '');
  return `not valid Handlebars, unexpected ${got}`;
}
