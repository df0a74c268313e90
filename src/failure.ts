import { diagnosticLine, UserError } from './errors.js';
import { palette } from './system/colour.js';
import { Interruption } from './system/interruption.js';
import type { System } from './system/system.js';

/** Exit code of a bug in this tool, EX_SOFTWARE of sysexits.h. */
const bug = 70;

/** Returns the exit code that a thrown value ends the program with. */
export function exitCodeOf(failure: unknown): number {
  if (failure instanceof Interruption) return 130;
  if (failure instanceof UserError) return failure.exitCode;
  return isOperatingSystemError(failure) ? 3 : bug;
}

/** Returns what a person reads about a thrown value; ends with a line feed. */
export async function failureText(failure: unknown, version: string, system: System): Promise<string> {
  const { bold, dim, red } = await palette(system, 'err');
  if (failure instanceof Interruption) return `${failure.message}\n`;
  if (exitCodeOf(failure) === bug) return bugText(failure, version, system);
  const { message, diagnostics, hint } = detailsOf(failure);
  const lines = [`${red('error:')} ${bold(message)}`, ...diagnostics.map((one) => `  ${diagnosticLine(one)}`)];
  if (hint !== undefined) lines.push(dim(`  ${hint}`));
  return `${lines.join('\n')}\n`;
}

/** Returns a thrown value as one JSON document, for `--json`. */
export function failureJson(failure: unknown): string {
  const { message, diagnostics, hint } = detailsOf(failure);
  return JSON.stringify({ error: { exitCode: exitCodeOf(failure), message, hint, diagnostics } }, undefined, 2);
}

function detailsOf(failure: unknown): Pick<UserError, 'message' | 'diagnostics' | 'hint'> {
  if (failure instanceof UserError) return failure;
  return { message: failure instanceof Error ? failure.message : String(failure), diagnostics: [], hint: undefined };
}

/** A full disk or a missing permission that no command foresaw is still not a bug. */
function isOperatingSystemError(failure: unknown): boolean {
  return failure instanceof Error && 'syscall' in failure && 'code' in failure;
}

function bugText(failure: unknown, version: string, system: System): string {
  const stack = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  const where = `create-service ${version}, Node ${system.nodeVersion}, ${system.platform}`;
  return `${stack}\n\nThis is a bug of create-service. Please report it with the text above, the command line and your manifest.\n${where}\n`;
}
