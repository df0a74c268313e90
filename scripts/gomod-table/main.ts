import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ModuleTable } from '../../src/derive/module-table.js';
import { audit } from './audit.js';
import { buildTable } from './build-table.js';
import { formatTable } from './format-table.js';
import { type ModuleSpec, moduleSpecs } from './module-spec.js';
import { proveTable } from './prove-table.js';

/** Does what `scripts/gomod-table.mjs` says at its top, for every table. Returns the exit code. */
export async function main(root: string, [command, count]: readonly string[]): Promise<number> {
  const work = { refresh, prove, audit: auditOne }[command ?? ''];
  if (!work) {
    console.error('usage: node scripts/gomod-table.mjs refresh | prove [count] | audit');
    return 2;
  }
  let failures = 0;
  for (const spec of moduleSpecs(root)) failures += await work(spec, tableFile(root, spec), Number(count ?? 60));
  return failures === 0 ? 0 : 1;
}

function tableFile(root: string, { name }: ModuleSpec): string {
  return path.join(root, 'src/derive/tables', `${name}.json`);
}

async function refresh(spec: ModuleSpec, file: string): Promise<number> {
  const text = formatTable(await buildTable(spec));
  writeFileSync(file, text);
  const { modules, sums, imports } = JSON.parse(text) as ModuleTable;
  const counts = `${Object.keys(imports).length} imports, ${modules.length} modules, ${sums.length} checksums`;
  console.log(`${spec.name}: ${counts}, ${text.length} bytes`);
  return 0;
}

async function prove(spec: ModuleSpec, file: string, random: number): Promise<number> {
  const { sets, disproofs } = await proveTable(spec, readTable(file), random);
  for (const { imports, difference } of disproofs) console.error(`${imports.join(' ')}\n${difference}`);
  console.log(`${spec.name}: go mod tidy agrees on ${sets - disproofs.length} of ${sets} sets of imports`);
  return disproofs.length;
}

async function auditOne(spec: ModuleSpec, file: string): Promise<number> {
  const findings = await audit(readTable(file));
  for (const finding of findings) console.error(finding);
  console.log(`${spec.name}: ${findings.length} findings`);
  return findings.length;
}

function readTable(file: string): ModuleTable {
  return JSON.parse(readFileSync(file, 'utf8')) as ModuleTable;
}
