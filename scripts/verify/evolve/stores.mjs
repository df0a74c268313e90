import { rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../setup.mjs';
import { run } from '../run.mjs';
import { changesOfDocuments, changesOfRows } from './changes.mjs';

/**
 * Where resources are kept: how the manifest calls it, what is changed there, the name of a file with a step, and a server.
 * `open` starts one, in a directory of its own, unless the environment names one; it gives back what a service needs to find a
 * database in it, what makes that empty, and what ends the server.
 */
export const stores = [
  { name: 'mysql', changes: changesOfRows, step: /\.sql\s+create/, open: mariadb },
  { name: 'mongodb', changes: changesOfDocuments, step: /\d{5}_\w+\.json\s+create/, open: mongodb },
];

async function mariadb(directory) {
  const own = process.env.TEST_MYSQL_DSN ? undefined : await started('mariadb', directory);
  const dsn = process.env.TEST_MYSQL_DSN ?? (await own.ask('dsn'));
  const [, user, password, host, port] = /^([^:]*):(.*)@tcp\((.*):(\d+)\)/.exec(dsn) ?? [];
  const sql = (statement) => run('mariadb', ['-h', host, '-P', port, '-u', user, `-p${password}`, '-e', statement]);
  return {
    environment: (database) => ({
      MYSQL_ADDR: `${host}:${port}`,
      MYSQL_DATABASE: database,
      MYSQL_USER: user,
      MYSQL_PASSWORD: password,
    }),
    empty: (database) => sql(`DROP DATABASE IF EXISTS ${database}; CREATE DATABASE ${database}`),
    drop: (database) => sql(`DROP DATABASE IF EXISTS ${database}`),
    close: async () => own?.close(),
  };
}

/** Always a server of its own, which goes with its databases: there is no client to drop them with. */
async function mongodb(directory) {
  const own = await started('mongo', directory);
  const uri = await own.ask('uri');
  const nothing = async () => undefined;
  const environment = (database) => ({ MONGODB_URI: uri, MONGODB_DATABASE: database });
  return { environment, empty: nothing, drop: nothing, close: own.close };
}

async function started(name, directory) {
  const env = { ...process.env, DATA_DIR: directory };
  const ask = (action) => run(path.join(root, `test/servers/${name}.sh`), [action], { env });
  for (const action of ['install', 'start']) await ask(action);
  const close = async () => {
    await ask('clean');
    rmSync(directory, { recursive: true, force: true });
  };
  return { ask, close };
}
