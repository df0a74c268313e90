import { createHash } from 'node:crypto';
import type { FileTree } from '../../src/render/file-tree.js';

/** Returns one line a file, `digest class mode bytes path`: a whole tree in a few kilobytes, whose diff names the files. */
export function digestList({ entries }: FileTree): string {
  return entries
    .map(({ path, body, mode, class: ownership }) => {
      const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
      return `${digest} ${ownership.padEnd(9)} ${mode.toString(8)} ${String(Buffer.byteLength(body)).padStart(6)} ${path}\n`;
    })
    .join('');
}
