/**
 * An esbuild plugin that keeps two modules of Node out of the start, which saves a tenth of `--help`:
 *
 * - `import process from 'node:process'` makes Node read every property of `process`, and so open stdin, stdout and
 *   stderr as streams; the global variable is the same object.
 * - commander and the process table load `node:child_process`, which only few commands ever use: it is loaded when it
 *   is called.
 */
export const leanStart = {
  name: 'lean-start',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:process$/ }, () => ({ path: 'process', namespace: 'lean-start' }));
    bundle.onLoad({ filter: /^process$/, namespace: 'lean-start' }, () => ({ contents: 'module.exports = process;' }));
    bundle.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /commander|node-processes/.test(importer) ? { path: 'child_process', namespace: 'lean-start' } : undefined,
    );
    bundle.onLoad({ filter: /^child_process$/, namespace: 'lean-start' }, () => ({ contents: lateChildProcess }));
  },
};

const lateChildProcess = `
const load = () => process.getBuiltinModule('node:child_process');
exports.spawn = (...args) => load().spawn(...args);
exports.execFileSync = (...args) => load().execFileSync(...args);
`;
