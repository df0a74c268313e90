import { spawn } from 'node:child_process';

/** Runs steps, prints a line for each, and counts. A step's output is shown only when it fails. */
export class Report {
  #passed = 0;
  #failed = [];
  #notes = [];

  /**
   * Runs a command as one step. It passes when the command exits 0 and, with `silent`, prints nothing on stdout. With
   * `show`, its stdout is printed also when it passes. Returns whether it passed.
   */
  step(name, command, args, { cwd, env = {}, silent = false, show = false } = {}) {
    return this.check(name, async () => {
      const { code, stdout, output } = await run(command, args, { cwd, env: { ...process.env, ...env } });
      if (code !== 0 || (silent && stdout.trim() !== '')) throw new Error(output);
      return show ? `\n${indented(stdout)}\n` : '';
    });
  }

  /**
   * Runs a function as one step. It passes unless the function throws; what it returns is shown behind the name.
   * Returns whether it passed.
   */
  async check(name, body) {
    const began = performance.now();
    const end = (word, note) =>
      console.log(`${word} ${name}${note} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    try {
      const note = await body();
      end('ok  ', note === '' ? '' : `: ${note}`);
      this.#passed++;
      return true;
    } catch (error) {
      end('FAIL', '');
      this.#fail(name, error.message);
      return false;
    }
  }

  #fail(name, output) {
    this.#failed.push(name);
    console.log(indented(output));
  }

  /** Keeps a line for the end: what was measured. */
  note(text) {
    this.#notes.push(text);
  }

  /** Prints the closing lines and sets the exit code. */
  close() {
    for (const text of this.#notes) console.log(text);
    for (const name of this.#failed) console.log(`failed: ${name}`);
    console.log(`${this.#passed} passed, ${this.#failed.length} failed`);
    process.exitCode = this.#failed.length === 0 && this.#passed > 0 ? 0 : 1;
  }
}

function indented(text) {
  return text.trimEnd().replaceAll(/^/gm, '     ');
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
