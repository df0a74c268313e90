import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';

/** The real servers that tests start when they find them. */
const servers = new Set(['mariadbd', 'mysqld', 'mongod', 'redis-server']);

/** Returns an environment in which tests find no real server: none is named, and none is on the PATH. */
export function withoutServers() {
  const directory = path.join(root, '.cache/stand-ins/bin');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const taken = new Set(servers);
  for (const place of process.env.PATH.split(path.delimiter).filter((each) => existsSync(each))) {
    for (const program of readdirSync(place)) {
      if (taken.has(program)) continue;
      taken.add(program);
      symlinkSync(path.join(place, program), path.join(directory, program));
    }
  }
  const named = Object.keys(process.env).filter((key) => key.startsWith('TEST_'));
  return { ...Object.fromEntries([...named, 'REQUIRE_REAL'].map((key) => [key, ''])), PATH: directory };
}
