/** Tells whether a merge of git left markers in a text. */
export function isConflicted(text: string): boolean {
  return /^<{7}/m.test(text);
}

/** Returns a text with markers as one of the two sides has it. */
export function sideOf(text: string, side: 'ours' | 'theirs'): string {
  return text.replace(
    /^<{7}.*\n([\s\S]*?)(?:^\|{7}.*\n[\s\S]*?)?^={7}\n([\s\S]*?)^>{7}.*\n/gm,
    (_, ours: string, theirs: string) => (side === 'ours' ? ours : theirs),
  );
}
