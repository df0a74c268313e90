import { loopVariables } from './syntax.js';

/** What a block of a template brings into view. */
interface Scope {
  /** Variable of the context that the block sets. */
  readonly context: string;
  /** Block parameters: name → variable. */
  readonly names: ReadonlyMap<string, string>;
  /** Number of the loop, if the block is one. */
  readonly loop?: number;
}

/** The blocks around a place in a template, innermost last; answers which variable a name means there. */
export class Scopes {
  readonly #stack: Scope[] = [{ context: 'c0', names: new Map() }];

  /** Runs `inside` with one more block in view. */
  within<T>(scope: Scope, inside: () => T): T {
    this.#stack.push(scope);
    try {
      return inside();
    } finally {
      this.#stack.pop();
    }
  }

  /** Returns the context variable `depth` contexts further out (`../` each), if there is one. */
  context(depth: number): string | undefined {
    return this.#stack[this.#stack.length - 1 - depth]?.context;
  }

  /** Returns the variable of a block parameter. */
  named(name: string): string | undefined {
    return this.#stack.findLast((scope) => scope.names.has(name))?.names.get(name);
  }

  /** Returns the variable of `@index`, `@key`, `@first` or `@last` of the loop `depth` loops further out. */
  loop(name: string, depth: number): string | undefined {
    const loops = this.#stack.flatMap(({ loop }) => (loop === undefined ? [] : [loop]));
    const id = loops[loops.length - 1 - depth];
    if (id === undefined || name === 'item' || !Object.hasOwn(loopVariables, name)) return undefined;
    return `${loopVariables[name as keyof typeof loopVariables]}${id}`;
  }
}
