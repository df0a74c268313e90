// Reads AsyncAPI documents as tools do that work with them, and prints what the parser says.
// usage: node asyncapi.mjs FILE...
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const severities = ['error', 'warning', 'information', 'hint'];
// It says that there is a newer version of AsyncAPI, which not every tool reads.
const accepted = new Set(['asyncapi-latest-version']);

const parser = new Parser();
for (const file of process.argv.slice(2)) {
  const { diagnostics } = await parser.parse(readFileSync(file, 'utf8'), { source: file });
  for (const { code, message, range, severity } of diagnostics) {
    if (accepted.has(code)) continue;
    const { line, character } = range.start;
    process.stdout.write(`${file}:${line + 1}:${character + 1}: ${severities[severity]}: ${message} (${code})\n`);
    process.exitCode = 1;
  }
}
