import type {} from 'handlebars'; // declares the global namespace hbs

/** Statements of Handlebars' syntax tree, as a union that `type` tells apart; the library types them by one interface. */
export type Statement =
  | hbs.AST.ContentStatement
  | hbs.AST.CommentStatement
  | hbs.AST.MustacheStatement
  | hbs.AST.BlockStatement
  | RefusedStatement;

/** What Handlebars parses and templates here may not use. */
interface RefusedStatement extends hbs.AST.Node {
  readonly type: 'PartialStatement' | 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock';
}

/** Likewise for expressions. */
export type Expression =
  | hbs.AST.PathExpression
  | hbs.AST.SubExpression
  | hbs.AST.StringLiteral
  | hbs.AST.NumberLiteral
  | hbs.AST.BooleanLiteral
  | hbs.AST.UndefinedLiteral
  | hbs.AST.NullLiteral;

/** Returns the statements of a program; none for a branch that is not there. */
export function statements(program: hbs.AST.Program | undefined): Statement[] {
  return (program?.body ?? []) as Statement[];
}
