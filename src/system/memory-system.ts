import { type MemoryFiles, memoryFiles } from './memory-files.js';
import type { ProcessIdentity } from './processes.js';
import type { System } from './system.js';

/** The system for tests. */
export type MemorySystem = System & { readonly files: MemoryFiles };

/**
 * Returns a system for tests: files in memory, one process (number 100 of the host `here`), a clock that stands, the
 * working directory `/srv`, an empty environment. Whatever a test did not hand in and the code under test uses all
 * the same throws, by name.
 *
 *     const system = memorySystem({ run: async () => 'not-found' });
 */
export function memorySystem(parts: Partial<MemorySystem> = {}): MemorySystem {
  const self: ProcessIdentity = { host: 'here', pid: 100, start: 's100' };
  return {
    cwd: '/srv',
    env: {},
    platform: 'linux',
    nodeVersion: '20.19.0',
    files: memoryFiles(),
    processes: { self: () => self, isAlive: ({ pid, start }) => pid === self.pid && start === self.start },
    now: () => Date.UTC(2026, 0, 1),
    terminal: refusing('terminal'),
    prompts: () => unexpected('prompts'),
    run: (command, args) => unexpected(`run: ${[command, ...args].join(' ')}`),
    wasm: (program) => unexpected(`wasm: ${program}`),
    twin: () => unexpected('twin'),
    processors: 2,
    scratch: () => unexpected('scratch'),
    ...parts,
  };
}

/** Returns an object whose every property throws, by name, when it is read. */
function refusing<T extends object>(name: string): T {
  return new Proxy({} as T, { get: (_, property) => unexpected(`${name}.${String(property)}`) });
}

function unexpected(what: string): never {
  throw new Error(`the code under test used system.${what}, which the test does not expect`);
}
