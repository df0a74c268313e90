/** A program that a service's own commands may start. */
export interface Tool {
  readonly name: string;
  /** Programs that serve, best first. */
  readonly programs: readonly string[];
  /** Arguments that make it print its version. */
  readonly versionArgs: readonly string[];
  readonly purpose: string;
  /** Whether building, testing and running a service needs it. */
  readonly needed: boolean;
  /** Oldest version that will do. */
  readonly oldest?: string;
}

/** What `doctor` looks for. The oldest Go is the `go` line of a generated go.mod; Compose v2 came with Docker 20.10. */
export const tools: readonly Tool[] = [
  {
    name: 'go',
    programs: ['go'],
    versionArgs: ['version'],
    purpose: 'builds, tests and runs a service (make dev, make test)',
    needed: true,
    oldest: '1.26',
  },
  {
    name: 'make',
    programs: ['make', 'gmake'],
    versionArgs: ['--version'],
    purpose: 'runs the targets of a service',
    needed: true,
  },
  {
    name: 'git',
    programs: ['git'],
    versionArgs: ['--version'],
    purpose: 'keeps the history; new makes the first commit with it',
    needed: false,
  },
  {
    name: 'golangci-lint',
    programs: ['golangci-lint'],
    versionArgs: ['version'],
    purpose: 'make lint',
    needed: false,
    oldest: '2.0',
  },
  {
    name: 'docker',
    programs: ['docker'],
    versionArgs: ['--version'],
    purpose: 'make image, and compose.yaml with real servers',
    needed: false,
    oldest: '20.10',
  },
  {
    name: 'kubectl',
    programs: ['kubectl'],
    versionArgs: ['version', '--client'],
    purpose: 'applies deployments/kubernetes',
    needed: false,
  },
  {
    name: 'mysql server',
    programs: ['mariadbd', 'mysqld'],
    versionArgs: ['--version'],
    purpose: 'make dev and the integration tests use it instead of the embedded stand-in',
    needed: false,
  },
];
