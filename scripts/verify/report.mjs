import { spawn } from 'node:child_process';

/** Runs steps, prints a line for each, and counts. A step's output is shown only when it fails. */
export class Report {
  #passed = 0;
  #failed = [];

  /**
   * Runs a command as one step. It passes when the command exits 0 and, with `silent`, prints nothing on stdout.
   * Returns whether it passed.
   */
  async step(name, command, args, { cwd, env = {}, silent = false } = {}) {
    const began = performance.now();
    const { code, stdout, output } = await run(command, args, { cwd, env: { ...process.env, ...env } });
    const passed = code === 0 && !(silent && stdout.trim() !== '');
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
    if (passed) this.#passed++;
    else this.#fail(name, output);
    return passed;
  }

  #fail(name, output) {
    this.#failed.push(name);
    console.log(output.trimEnd().replaceAll(/^/gm, '     '));
  }

  /** Prints the closing lines and sets the exit code. */
  close() {
    for (const name of this.#failed) console.log(`failed: ${name}`);
    console.log(`${this.#passed} passed, ${this.#failed.length} failed`);
    process.exitCode = this.#failed.length === 0 && this.#passed > 0 ? 0 : 1;
  }
}

function run(command, args, options) {
  const { promise, resolve } = deferred();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let output = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  child.on('error', (error) => resolve({ code: 127, stdout, output: `${command}: ${error.message}` }));
  child.on('close', (code) => resolve({ code, stdout, output }));
  return promise;
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
