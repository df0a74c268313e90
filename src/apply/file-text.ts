import { isUtf8 } from 'node:buffer';
import { UserError } from '../errors.js';

/** Returns the text in a file's bytes; undefined when they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : undefined;
}

/**
 * Returns the text in a file's bytes.
 *
 * @param path the file's path, for the error
 * @throws UserError with the first line that is not UTF-8
 */
export function textIn(path: string, bytes: Uint8Array): string {
  const text = textOf(bytes);
  if (text !== undefined) return text;
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start) + 1 || bytes.length;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  throw new UserError(`${path} cannot be read`, {
    diagnostics: [{ file: path, line, column: 1, message: 'this is not UTF-8' }],
    hint: 'save it as UTF-8, then run this again',
  });
}
