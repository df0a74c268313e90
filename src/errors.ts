/** One thing that is wrong in a file, at one place. Lines and columns count from 1; 0 means the whole file. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** A sentence without a full stop that says what is wrong. */
  readonly message: string;
  /** What stands there. */
  readonly found?: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** What was probably meant, or what to do. */
  readonly hint?: string;
}

/** 1: findings, drift or conflicts; 2: bad usage or manifest; 3: refused or the environment failed, nothing changed. */
export type UserExitCode = 1 | 2 | 3;

/** What a {@link UserError} says beside its message. */
export interface UserErrorDetails {
  readonly exitCode?: UserExitCode;
  readonly diagnostics?: readonly Diagnostic[];
  readonly hint?: string;
}

/** A failure that the person at the terminal can do something about. Every other error is a bug of this tool. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: UserExitCode;
  readonly diagnostics: readonly Diagnostic[];
  readonly hint: string | undefined;

  constructor(message: string, { exitCode = 2, diagnostics = [], hint }: UserErrorDetails = {}) {
    super(message);
    this.exitCode = exitCode;
    this.diagnostics = diagnostics;
    this.hint = hint;
  }
}

/** Returns a diagnostic as one line, `file:line:column: message (found …; allowed …; did you mean …)`. */
export function diagnosticLine({ file, line, column, message, found, allowed, hint }: Diagnostic): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const details = [found && `found ${found}`, allowed && `allowed ${allowed}`, hint].filter(Boolean).join('; ');
  return `${place}: ${message}${details && ` (${details})`}`;
}
