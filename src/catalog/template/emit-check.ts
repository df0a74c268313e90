import { type Expression, loopVariables, type Node, type ParsedTemplate, type Position } from './syntax.js';

/** A stretch of the emitted TypeScript and where it comes from. */
export interface MappedRange {
  /** Offsets in the code, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly at: Position;
}

/** TypeScript that says what a template does with its context, and the way back from it to the template. */
export interface CheckSource {
  readonly code: string;
  readonly ranges: readonly MappedRange[];
}

/**
 * Returns a TypeScript function for the template. Blocks become real `if` and `for`, so TypeScript narrows as it does in
 * code. It uses the names `out`, `each`, `h`, `b` and `slots`, which the prelude has to declare.
 *
 * @param prelude imports and declarations that come first
 * @param contextType type of the template's context
 */
export function emitCheck({ body }: ParsedTemplate, prelude: string, contextType: string): CheckSource {
  const writer = new CheckWriter();
  writer.write(`${prelude}\nexport function template(c0: ${contextType}): void {\n`);
  writer.nodes(body);
  writer.write('}\n');
  return { code: writer.code, ranges: writer.ranges };
}

class CheckWriter {
  code = '';
  readonly ranges: MappedRange[] = [];

  write(text: string, at?: Position): void {
    if (at) this.ranges.push({ start: this.code.length, end: this.code.length + text.length, at });
    this.code += text;
  }

  nodes(list: readonly Node[]): void {
    for (const node of list) this.#node(node);
  }

  #node(node: Node): void {
    switch (node.kind) {
      case 'text':
        return;
      case 'print':
        return this.#statement('out(', node.value, ');');
      case 'if':
        this.#statement(node.negated ? 'if (!(' : 'if (', node.condition, node.negated ? ')) {' : ') {');
        return this.#branches(node.body, node.otherwise);
      case 'each':
        this.#statement(`for (const [${loopNames(node.id)}] of each(`, node.list, ')) {');
        return this.#afterLoop(node.body, node.otherwise);
      case 'with':
        this.#statement(`{ const c${node.id} = `, node.value, `; if (c${node.id}) {`);
        this.#branches(node.body, node.otherwise);
        return this.write('}\n');
      case 'block':
        this.nodes(node.body);
        return this.#call('b', node.helper, node.at, node.args, "''");
      case 'slot':
        this.write(`slots[${JSON.stringify(node.name)}]`, node.at);
        return this.#statement('(', node.context, ');');
    }
  }

  #statement(before: string, value: Expression, after: string): void {
    this.write(before);
    this.#expression(value);
    this.write(`${after}\n`);
  }

  #branches(body: readonly Node[], otherwise: readonly Node[]): void {
    this.nodes(body);
    this.write('} else {\n');
    this.nodes(otherwise);
    this.write('}\n');
  }

  #afterLoop(body: readonly Node[], otherwise: readonly Node[]): void {
    this.nodes(body);
    this.write('}\n{\n');
    this.nodes(otherwise);
    this.write('}\n');
  }

  #call(table: string, helper: string, at: Position, args: readonly Expression[], first?: string): void {
    this.write(`${table}.`);
    this.write(helper, at);
    this.write(`(${first ?? ''}`);
    args.forEach((arg, index) => {
      if (index > 0 || first !== undefined) this.write(', ');
      this.#expression(arg);
    });
    this.write(first === undefined ? ')' : ');\n');
  }

  #expression(value: Expression): void {
    switch (value.kind) {
      case 'literal':
        return this.write(JSON.stringify(value.value), value.at);
      case 'path':
        this.write(value.variable, value.at);
        for (const { name, at } of value.parts) this.write(access(name), at);
        return;
      case 'call':
        return this.#call('h', value.helper, value.at, value.args);
    }
  }
}

function loopNames(id: number): string {
  return Object.values(loopVariables)
    .map((letter) => `${letter}${id}`)
    .join(', ');
}

/** Returns a property access: `.name`, or `["a-b"]` for what is no identifier. */
function access(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
