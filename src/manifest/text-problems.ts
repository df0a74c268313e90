import type { Diagnostic } from '../errors.js';

/** Bytes of a manifest; larger ones are no manifest, and slow to refuse otherwise. */
const largestManifest = 1024 * 1024;

/** What no manifest may contain, and why. Tab, line feed and carriage return are fine. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/\0/u, 'a NUL character: this is a binary file'],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  [/[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u, 'a control character'],
  [/[\u202a-\u202e\u2066-\u2069]/u, 'a character that reverses the reading direction, which hides text'],
  [/[\u2028\u2029]/u, 'a Unicode line separator'],
  [/\p{Surrogate}|\p{Noncharacter_Code_Point}/u, 'a code point that is no character'],
  [/(?!^)\ufeff/u, 'a byte order mark inside the text'],
];

/** Returns which character a value holds that may not land in generated files, if it does. Line feeds and tabs may. */
export function characterProblem(value: string): string | undefined {
  return value.includes('\r') ? 'a carriage return' : forbiddenCharacter(` ${value}`)?.reason;
}

/** Returns the manifest as text, or what keeps it from being text. */
export function decode(input: string | Uint8Array, file: string): string | Diagnostic {
  const size = typeof input === 'string' ? new TextEncoder().encode(input).length : input.length;
  if (size > largestManifest) {
    return { ...whole(file, 'the manifest is too large'), found: `${size} bytes`, allowed: `${largestManifest} bytes` };
  }
  const text = typeof input === 'string' ? input : utf8(input);
  if (text === undefined) return { ...whole(file, 'the manifest is not UTF-8 text'), allowed: 'UTF-8' };
  const bad = forbiddenCharacter(text);
  if (!bad) return text;
  return { file, ...position(text, bad.offset), message: `the manifest holds ${bad.reason}`, found: bad.found };
}

function forbiddenCharacter(text: string): { offset: number; reason: string; found: string } | undefined {
  for (const [pattern, reason] of forbidden) {
    const offset = text.search(pattern);
    if (offset < 0) continue;
    const code = text.codePointAt(offset) ?? 0;
    return { offset, reason, found: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` };
  }
  return undefined;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns the line and column, both from 1, of an offset into the text. */
export function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function whole(file: string, message: string): Diagnostic {
  return { file, line: 0, column: 0, message };
}
