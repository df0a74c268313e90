/** Keys and list positions from the root of the manifest. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a manifest, at a path; `source.ts` turns it into a diagnostic. */
export interface Problem {
  readonly path: Path;
  /** Whether the key or the value at the path is wrong. */
  readonly on: 'key' | 'value';
  readonly message: string;
  readonly found?: string;
  readonly allowed?: string;
  readonly hint?: string;
  /** Path of the other half of a clash. */
  readonly other?: Path;
}

/** What a problem says beside its path and message. */
export type ProblemDetails = Partial<Pick<Problem, 'on' | 'found' | 'allowed' | 'hint' | 'other'>>;

/** Takes one problem. */
export type Report = (path: Path, message: string, details?: ProblemDetails) => void;

/** Returns a reporter and the list it fills. */
export function problemList(): { readonly problems: Problem[]; readonly report: Report } {
  const problems: Problem[] = [];
  return { problems, report: (path, message, details) => problems.push({ path, on: 'value', message, ...details }) };
}

/** Returns text as it can stand in a message: as it is when it is a plain word, else quoted, and never long. */
export function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return /^[\w.-]+$/.test(short) ? short : JSON.stringify(short);
}

/** Returns the hint for a typo, if there is a candidate. */
export function didYouMean(candidate: string | undefined): string | undefined {
  return candidate === undefined ? undefined : `did you mean ${candidate}?`;
}
