import process from 'node:process';
import { memorySystem } from '../../src/system/memory-system.js';
import { nodeFiles } from '../../src/system/node-files.js';
import { nodeProcesses } from '../../src/system/node-processes.js';
import type { System } from '../../src/system/system.js';

/** Returns a system with the real files, processes and clock; everything else throws when it is used. */
export function diskSystem(): System {
  const { files: _, ...rest } = memorySystem({ cwd: process.cwd(), now: Date.now, processes: nodeProcesses() });
  return { ...rest, files: nodeFiles() };
}
