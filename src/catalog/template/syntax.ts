/**
 * A parsed template with every path resolved to a variable: `c0` is the template's context. `parseTemplate` makes it;
 * `programOf` turns it into what runs, `emitCheck` into the TypeScript that the type check reads. So what is checked and
 * what runs cannot differ.
 */
export interface ParsedTemplate {
  readonly body: readonly Node[];
}

/** A place in a template; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What `c1`, `i1`, `k1`, `f1` and `l1` are in loop 1. */
export const loopVariables = { item: 'c', index: 'i', key: 'k', first: 'f', last: 'l' } as const;

export type Node = TextNode | PrintNode | IfNode | EachNode | WithNode | BlockNode | SlotNode;

export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

export interface PrintNode {
  readonly kind: 'print';
  readonly value: Expression;
}

export interface IfNode {
  readonly kind: 'if';
  /** True for `unless`. */
  readonly negated: boolean;
  readonly condition: Expression;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** A loop over an array or a record. Its variables are {@link loopVariables} with its id. */
export interface EachNode {
  readonly kind: 'each';
  readonly id: number;
  readonly list: Expression;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** Its variable is `c<id>`, the value. */
export interface WithNode {
  readonly kind: 'with';
  readonly id: number;
  readonly value: Expression;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** A block helper: takes the text of its body. */
export interface BlockNode {
  readonly kind: 'block';
  readonly helper: string;
  readonly at: Position;
  readonly args: readonly Expression[];
  readonly body: readonly Node[];
}

export interface SlotNode {
  readonly kind: 'slot';
  readonly name: string;
  readonly at: Position;
  readonly context: Expression;
  /** Whitespace that stands before each line of the slot. */
  readonly indent: string;
}

export type Expression = LiteralExpression | PathExpression | CallExpression;

export interface LiteralExpression {
  readonly kind: 'literal';
  readonly value: string | number | boolean;
  readonly at: Position;
}

/** A variable, and the names of what is asked of it in turn. */
export interface PathExpression {
  readonly kind: 'path';
  readonly variable: string;
  readonly at: Position;
  readonly parts: readonly PathPart[];
}

export interface PathPart {
  readonly name: string;
  readonly at: Position;
}

export interface CallExpression {
  readonly kind: 'call';
  readonly helper: string;
  readonly at: Position;
  readonly args: readonly Expression[];
}
