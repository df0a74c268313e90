import type { FileTree } from '../../src/render/file-tree.js';
import { aTree } from './plans.js';

const numbers = Array.from({ length: 120 }, (_, index) => index);

function tree(body: (number: number) => string | undefined): FileTree {
  const files = numbers.flatMap((number) => {
    const text = body(number);
    return text === undefined ? [] : [[`internal/p${number % 40}/f${number}.go`, text] as const];
  });
  return aTree(Object.fromEntries(files));
}

/** As many files, in as many directories and of such a size, as a service with a REST API on MySQL. */
export const firstTree = tree((number) => `package p${number % 40}\n${`// line of the file ${number}\n`.repeat(100)}`);

/** The same, with a third of the files changed and whole directories gone. */
export const secondTree = tree((number) => {
  if (number % 40 > 35) return undefined;
  return number % 3 === 0 ? `package p${number % 40}\n` : firstTree.entries[number]?.body;
});
