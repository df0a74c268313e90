import type { Expression, Node, ParsedTemplate } from './syntax.js';

/**
 * A template as it is kept and run: nested arrays of text and tags, which JSON holds. A program is data: it can call the
 * helpers that the check knows and nothing else.
 */
export type Program = readonly Instruction[];

/** Text that is printed as it is, or a tag with its parts; the programs in it are its body and its `else`. */
export type Instruction =
  | string
  | readonly ['print', value: Operand, place: string]
  | readonly ['if' | 'unless', condition: Operand, body: Program, otherwise: Program]
  | readonly ['each', id: number, list: Operand, body: Program, otherwise: Program]
  | readonly ['with', id: number, value: Operand, body: Program, otherwise: Program]
  | readonly ['block', helper: string, args: readonly Operand[], body: Program]
  | readonly ['slot', name: string, context: Operand, indent: string];

/** A variable and the names of what is asked of it in turn, a literal, or the result of a helper. */
export type Operand =
  | readonly string[]
  | { readonly value: string | number | boolean }
  | { readonly helper: string; readonly args: readonly Operand[] };

/** Returns the program of a parsed template; what only problems and the type check need, such as most places, is left out. */
export function programOf({ body }: ParsedTemplate): Program {
  return instructions(body);
}

function instructions(nodes: readonly Node[]): Program {
  return nodes.map(instruction);
}

function instruction(node: Node): Instruction {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'print':
      return ['print', operand(node.value), place(node.value)];
    case 'if': {
      const { condition, body, otherwise } = node;
      return [node.negated ? 'unless' : 'if', operand(condition), instructions(body), instructions(otherwise)];
    }
    case 'each':
      return ['each', node.id, operand(node.list), instructions(node.body), instructions(node.otherwise)];
    case 'with':
      return ['with', node.id, operand(node.value), instructions(node.body), instructions(node.otherwise)];
    case 'block':
      return ['block', node.helper, node.args.map(operand), instructions(node.body)];
    case 'slot':
      return ['slot', node.name, operand(node.context), node.indent];
  }
}

function operand(expression: Expression): Operand {
  switch (expression.kind) {
    case 'literal':
      return { value: expression.value };
    case 'call':
      return { helper: expression.helper, args: expression.args.map(operand) };
    case 'path':
      return [expression.variable, ...expression.parts.map(({ name }) => name)];
  }
}

/** What is missing is missed where the last name stands. */
function place(expression: Expression): string {
  const { line, column } = (expression.kind === 'path' ? expression.parts.at(-1) : undefined)?.at ?? expression.at;
  return `${line}:${column}`;
}
