import type { Diagnostic } from '../../errors.js';
import type { Position } from './syntax.js';

/** Collects what is wrong in one template, so that all of it is reported at once. */
export class Problems {
  readonly #file: string;
  readonly #found: Diagnostic[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  add({ line, column }: Position, message: string): void {
    this.#found.push({ file: this.#file, line, column, message });
  }

  get all(): readonly Diagnostic[] {
    return this.#found;
  }
}
