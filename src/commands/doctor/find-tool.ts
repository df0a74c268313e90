import type { System } from '../../system/system.js';
import type { Tool } from './tools.js';

/** What this machine has of a tool. */
export interface ToolFinding {
  readonly name: string;
  readonly purpose: string;
  readonly needed: boolean;
  readonly oldest?: string;
  readonly state: 'ok' | 'old' | 'missing';
  /** The program that was found. */
  readonly program?: string;
  /** Empty when the program does not say. */
  readonly version: string;
}

/** Milliseconds that a program may take to print its version; a JVM or a cold disk needs one or two seconds. */
const patience = 10_000;

/** Looks for a tool's programs, in their order, and asks the first that is there for its version. */
export async function findTool(tool: Tool, system: System): Promise<ToolFinding> {
  const { name, purpose, needed, oldest } = tool;
  for (const program of tool.programs) {
    const result = await system.run(program, tool.versionArgs, { cwd: system.cwd, timeoutMs: patience });
    if (result === 'not-found') continue;
    const version = versionIn(`${result.stdout}\n${result.stderr}`);
    const state = oldest !== undefined && version !== '' && isOlder(version, oldest) ? 'old' : 'ok';
    return { name, purpose, needed, oldest, state, program, version };
  }
  return { name, purpose, needed, oldest, state: 'missing', version: '' };
}

/** Returns the first dotted number of a program's output: `1.26.0` of `go version go1.26.0 linux/amd64`. */
export function versionIn(output: string): string {
  return /\d+(?:\.\d+)+/.exec(output)?.[0] ?? '';
}

/** Compares dotted numbers, number by number; absent ones count as 0. */
export function isOlder(version: string, oldest: string): boolean {
  const have = version.split('.').map(Number);
  for (const [index, wanted] of oldest.split('.').map(Number).entries()) {
    const number = have[index] ?? 0;
    if (number !== wanted) return number < wanted;
  }
  return false;
}
