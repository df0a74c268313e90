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
    const fields = 'ImportPath,Dir,Module,Imports,TestImports,XTestImports';
    const { code, output } = await this.go(['list', `-json=${fields}`, './...']);
    if (code !== 0) throw new Error(output);
    this.#packages = JSON.parse(`[${output.replaceAll(/^\}\n\{$/gm, '},{')}]`);
  }

  /**
   * Returns the import paths of the packages whose tests are there to notice a change of the file, cheapest first: those
   * of its own package, of packages that import it, integration, e2e.
   */
  testsOf(file) {
    const own = this.#packages.find(({ Dir }) => Dir === path.join(this.#directory, path.dirname(file))).ImportPath;
    const isOf = (candidate) => candidate.ImportPath === own || this.#level(candidate) === levels.length;
    const cost = (candidate) => (candidate.ImportPath === own ? -1 : this.#level(candidate));
    const noticing = this.#packages.filter((candidate) => isOf(candidate) || testsImporting(candidate, own));
    return noticing.sort((a, b) => cost(a) - cost(b)).map(({ ImportPath }) => ImportPath);
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
      const options = { cwd: this.#directory, env: { REQUIRE_REAL: '1', ...process.env, ...env }, maxBuffer: 1 << 28 };
      execFile('go', args, options, (error, stdout, stderr) =>
        resolve({ code: error ? (error.code ?? 1) : 0, output: stdout + stderr }),
      );
    });
  }
}

/** Whether the package has tests, and it or they import the other one. */
function testsImporting({ Imports = [], TestImports = [], XTestImports = [] }, other) {
  const ofTests = [...TestImports, ...XTestImports];
  return ofTests.length > 0 && [...Imports, ...ofTests].includes(other);
}
