import type { RenderKit, Template } from '../catalog.js';
import type { Instruction, Operand, Program } from './program.js';

/**
 * Returns a program as the function that renders it, byte for byte as Handlebars does with `noEscape` and `strict`; only a
 * null that is printed throws here, with its place `line:column`, and is empty there.
 */
export function templateOf(program: Program): Template {
  return (context, kit) => text(program, { c0: context }, kit);
}

type Variables = Record<string, unknown>;

function text(program: Program, variables: Variables, kit: RenderKit): string {
  let out = '';
  for (const instruction of program) {
    out += typeof instruction === 'string' ? instruction : tag(instruction, variables, kit);
  }
  return out;
}

function tag(instruction: Exclude<Instruction, string>, variables: Variables, kit: RenderKit): string {
  switch (instruction[0]) {
    case 'print':
      return kit.print(evaluate(instruction[1], variables, kit), instruction[2]);
    case 'if':
    case 'unless': {
      const [kind, condition, body, otherwise] = instruction;
      const isMet = kit.truthy(evaluate(condition, variables, kit)) === (kind === 'if');
      return text(isMet ? body : otherwise, variables, kit);
    }
    case 'each': {
      const [, id, list, body, otherwise] = instruction;
      return each(id, evaluate(list, variables, kit) as object, body, otherwise, variables, kit);
    }
    case 'with': {
      const [, id, of, body, otherwise] = instruction;
      const value = evaluate(of, variables, kit);
      variables[`c${id}`] = value;
      return text(value === 0 || kit.truthy(value) ? body : otherwise, variables, kit);
    }
    case 'block': {
      const [, helper, args, body] = instruction;
      return call(kit.blocks[helper], [text(body, variables, kit), ...values(args, variables, kit)]);
    }
    case 'slot':
      return kit.slot(instruction[1], evaluate(instruction[2], variables, kit), instruction[3]);
  }
}

function each(
  id: number,
  list: object,
  body: Program,
  otherwise: Program,
  variables: Variables,
  kit: RenderKit,
): string {
  const items = Object.entries(list);
  if (items.length === 0) return text(otherwise, variables, kit);
  let out = '';
  items.forEach(([key, item], index) => {
    variables[`c${id}`] = item;
    variables[`i${id}`] = index;
    variables[`k${id}`] = Array.isArray(list) ? index : key;
    variables[`f${id}`] = index === 0;
    variables[`l${id}`] = index === items.length - 1;
    out += text(body, variables, kit);
  });
  return out;
}

function evaluate(operand: Operand, variables: Variables, kit: RenderKit): unknown {
  if (isPath(operand)) {
    let value: unknown = variables[operand[0] as string];
    for (let at = 1; at < operand.length; at++) value = (value as Variables)[operand[at] as string];
    return value;
  }
  if ('value' in operand) return operand.value;
  return call(kit.helpers[operand.helper], values(operand.args, variables, kit));
}

function isPath(operand: Operand): operand is readonly string[] {
  return Array.isArray(operand);
}

function values(operands: readonly Operand[], variables: Variables, kit: RenderKit): readonly unknown[] {
  return operands.map((operand) => evaluate(operand, variables, kit));
}

function call(helper: ((...args: never[]) => string) | undefined, args: readonly unknown[]): string {
  return (helper as (...args: readonly unknown[]) => string)(...args);
}
