import type { Known } from '../known.js';

/** What is typed to add or to remove something. */
export interface Words {
  /** What comes after the kind: names, definitions. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** What a manifest holds, as far as edits look at it. */
export interface Contents {
  readonly [key: string]: unknown;
}

/** One kind of thing that a manifest holds: `task`, `field`. */
export interface Kind {
  /** For help: `RESOURCE NAME:TYPE…`. */
  readonly usage: string;
  /** Returns the manifest with it. */
  readonly add: (text: string, words: Words, contents: Contents, known: Known) => string;
  /** Returns the manifest without it. */
  readonly remove: (text: string, words: Words, contents: Contents, known: Known) => string;
}
