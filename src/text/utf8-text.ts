import { UserError } from '../errors.js';

/**
 * Returns the text in a file's bytes.
 *
 * @param path the file's path, for the error
 * @throws UserError with the first line that is not UTF-8
 */
export function utf8Text(path: string, bytes: Uint8Array): string {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(body)) return body.toString('utf8');
  let line = 1;
  for (let start = 0; start < body.length; line++) {
    const end = body.indexOf(0x0a, start);
    const stop = end < 0 ? body.length : end + 1;
    if (!isUtf8(body.subarray(start, stop))) break;
    start = stop;
  }
  throw new UserError(`${path} cannot be read`, {
    diagnostics: [{ file: path, line, column: 1, message: 'this is not UTF-8' }],
    hint: 'save it as UTF-8, then run this again',
  });
}

function isUtf8(body: Buffer): boolean {
  return Buffer.from(body.toString('utf8')).equals(body);
}
