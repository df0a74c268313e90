import { execFile } from 'node:child_process';
import path from 'node:path';

/** How long one run of the tests of a package may take. A defect may make a loop endless. */
const timeout = '60s';

/** Prefixes of import paths, below the module's, of the tests that need more than Go: the cheapest come first. */
const levels = ['/test/integration', '/test/e2e'];

/** A rendered service, whose packages can be tested as they are or with files replaced. */
export class GoService {
  #directory;
  #packages = [];

  constructor(directory) {
    this.#directory = directory;
  }

  /** Reads which packages there are. Call it first. */
  async load() {
    const { code, output } = await this.go([
      'list',
      '-json=ImportPath,Dir,Module,Deps,TestImports,XTestImports',
      './...',
    ]);
    if (code !== 0) throw new Error(output);
    this.#packages = JSON.parse(`[${output.replaceAll(/^\}\n\{$/gm, '},{')}]`);
  }

  /**
   * Returns the import paths of the packages whose tests can notice a change of the file, cheapest first: those of its
   * own package, other unit tests, integration, e2e.
   */
  testsOf(file) {
    const own = this.#packages.find(({ Dir }) => Dir === path.join(this.#directory, path.dirname(file))).ImportPath;
    const noticing = this.#packages.filter(
      (candidate) => this.#level(candidate) === levels.length || this.#reaches(candidate, own),
    );
    const cost = (candidate) => (candidate.ImportPath === own ? -1 : this.#level(candidate));
    return noticing.sort((a, b) => cost(a) - cost(b)).map(({ ImportPath }) => ImportPath);
  }

  /** Whether a change of package `own` reaches the tests of the candidate, if it has any. */
  #reaches(candidate, own) {
    const imports = [...(candidate.TestImports ?? []), ...(candidate.XTestImports ?? [])];
    if (imports.length === 0) return false;
    const imported = this.#packages.filter(({ ImportPath }) => imports.includes(ImportPath));
    const reached = [candidate, ...imported].flatMap(({ ImportPath, Deps = [] }) => [ImportPath, ...Deps]);
    return reached.includes(own);
  }

  /** 0: unit tests; 1: integration; 2: e2e. */
  #level({ ImportPath, Module }) {
    return levels.indexOf(ImportPath.slice(Module.Path.length)) + 1;
  }

  /**
   * Runs the tests of one package until the first failure.
   *
   * @param {string} overlay file for Go's -overlay, which also the commands see that the tests run
   * @returns {Promise<{code: number, output: string}>}
   */
  test(packagePath, overlay) {
    const flags = `${process.env.GOFLAGS ?? ''} -overlay=${overlay}`.trim();
    return this.go(['test', '-vet=off', '-failfast', `-timeout=${timeout}`, packagePath], { GOFLAGS: flags });
  }

  /** Runs the go command in the service. The output is of both streams. */
  go(args, env = {}) {
    return new Promise((resolve) => {
      const options = { cwd: this.#directory, env: { ...process.env, ...env }, maxBuffer: 1 << 28 };
      execFile('go', args, options, (error, stdout, stderr) =>
        resolve({ code: error ? (error.code ?? 1) : 0, output: stdout + stderr }),
      );
    });
  }
}
