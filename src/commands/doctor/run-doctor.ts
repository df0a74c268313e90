import type { Input } from '../../command.js';
import { palette } from '../../system/colour.js';
import type { System } from '../../system/system.js';
import { findTool, type ToolFinding } from './find-tool.js';
import { tools } from './tools.js';

/** Looks for the tools and prints what was found; 1 when a needed one is missing or too old. */
export async function runDoctor({ json }: Input, system: System): Promise<number> {
  const findings = await Promise.all(tools.map((tool) => findTool(tool, system)));
  const text = json ? `${JSON.stringify({ tools: findings }, undefined, 2)}\n` : await table(findings, system);
  system.terminal.out(text);
  return findings.some(({ needed, state }) => needed && state !== 'ok') ? 1 : 0;
}

async function table(findings: readonly ToolFinding[], system: System): Promise<string> {
  const { dim, green, red } = await palette(system, 'out');
  const lines = findings.map(({ name, state, version, oldest, needed, purpose }) => {
    const paint = state === 'ok' ? green : needed ? red : dim;
    const found = {
      ok: version,
      old: `${version}, too old: ${oldest} is needed`,
      missing: needed ? 'missing' : 'absent, optional',
    };
    return `${name.padEnd(14)} ${paint((found[state] || 'found').padEnd(18))} ${purpose}`;
  });
  return `${lines.join('\n')}\n`;
}
