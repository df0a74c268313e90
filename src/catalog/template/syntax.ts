/**
 * A parsed template with every path resolved to a variable. `parseTemplate` makes it; `emitRenderer` turns it into
 * the JavaScript of the bundle, `emitCheck` into the TypeScript that the type check reads. So what is checked and what
 * runs cannot differ.
 */
export interface ParsedTemplate {
  readonly body: readonly Node[];
}

/** A place in a template; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

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

/** A loop over an array or a record. Its variables are `c<id>` (item), `i<id>` (index), `k<id>` (key), `n<id>` (count). */
export interface EachNode {
  readonly kind: 'each';
  readonly id: number;
  readonly list: Expression;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** Its variable is `c<id>`. */
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

export type Expression = LiteralExpression | VariableExpression | PropertyExpression | CallExpression;

export interface LiteralExpression {
  readonly kind: 'literal';
  readonly value: string | number | boolean;
  readonly at: Position;
}

export interface VariableExpression {
  readonly kind: 'variable';
  /** JavaScript, such as `c1` or `(i1 === 0)`. */
  readonly code: string;
  readonly at: Position;
}

export interface PropertyExpression {
  readonly kind: 'property';
  readonly of: Expression;
  readonly name: string;
  readonly at: Position;
}

export interface CallExpression {
  readonly kind: 'call';
  readonly helper: string;
  readonly at: Position;
  readonly args: readonly Expression[];
}
