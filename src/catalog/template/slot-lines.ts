import { type Statement, statements } from './ast.js';

/**
 * Makes a `{{slot "name"}}` behave like the tag of a block: its line vanishes, and the slot's text gets the tag's
 * indentation. The context (`this` when the tag names none) and the indentation become the tag's second and third
 * argument; a tag that is not alone on its line gets no third one. Changes the tree in place.
 */
export function completeSlots(program: hbs.AST.Program, source: string): void {
  const lines = source.split('\n');
  const siblings = statements(program);
  siblings.forEach((statement, index) => {
    if (statement.type === 'BlockStatement') {
      for (const branch of [statement.program, statement.inverse]) if (branch) completeSlots(branch, source);
    }
    if (isSlot(statement)) completeSlot(statement, lines, siblings[index - 1], siblings[index + 1]);
  });
}

function isSlot(statement: Statement): statement is hbs.AST.MustacheStatement {
  return (
    statement.type === 'MustacheStatement' &&
    statement.path.type === 'PathExpression' &&
    (statement.path as hbs.AST.PathExpression).original === 'slot'
  );
}

function completeSlot(
  slot: hbs.AST.MustacheStatement,
  lines: readonly string[],
  before: Statement | undefined,
  after: Statement | undefined,
): void {
  const indent = aloneOnLine(slot, lines);
  if (slot.params.length === 1) slot.params.push(thisPath(slot.loc));
  if (indent === undefined) return;
  slot.params.push(stringLiteral(indent, slot.loc));
  if (before?.type === 'ContentStatement') before.value = before.value.replace(/[ \t]*$/, '');
  if (after?.type === 'ContentStatement') after.value = after.value.replace(/^[ \t]*\r?\n/, '');
}

function aloneOnLine({ loc }: hbs.AST.MustacheStatement, lines: readonly string[]): string | undefined {
  const before = lines[loc.start.line - 1]?.slice(0, loc.start.column) ?? '';
  const after = lines[loc.end.line - 1]?.slice(loc.end.column) ?? '';
  return before.trim() === '' && after.trim() === '' ? before : undefined;
}

function thisPath(loc: hbs.AST.SourceLocation): hbs.AST.PathExpression {
  return { type: 'PathExpression', data: false, depth: 0, parts: [], original: 'this', loc };
}

function stringLiteral(value: string, loc: hbs.AST.SourceLocation): hbs.AST.StringLiteral {
  return { type: 'StringLiteral', value, original: value, loc };
}
