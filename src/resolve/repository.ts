import type { Manifest } from '../manifest/grammar.js';

/** Where the pipelines of a service run: one of the two. */
export interface Ci {
  readonly github: boolean;
  readonly gitlab: boolean;
}

/** Returns what the manifest says, or what the host in the module's path suggests. */
export function ciOf(module: string, ci?: Manifest['ci']): Ci {
  const gitlab = ci === undefined ? module.startsWith('gitlab.') : ci === 'gitlab';
  return { github: !gitlab, gitlab };
}

/**
 * Returns where people read docs/runbook.md of the main branch, as far as a module's path tells: the repositories of
 * GitHub have two elements after the host, what follows is a directory; GitLab puts `-` before its own pages.
 */
export function runbookUrl(module: string, { gitlab }: Ci): string {
  const [host = '', ...elements] = module.replace(/\/v\d+$/, '').split('/');
  const depth = host === 'github.com' ? 2 : elements.length;
  const repository = [host, ...elements.slice(0, depth)].join('/');
  const file = [...elements.slice(depth), 'docs', 'runbook.md'].join('/');
  return `https://${repository}/${gitlab ? '-/' : ''}blob/main/${file}`;
}

/**
 * Returns the owner as CODEOWNERS has it: `@acme/team-commerce` of the organisation that the module names, an address as
 * it is.
 */
export function codeOwner(owner: string, module: string): string {
  if (owner.includes('@')) return owner;
  const team = owner.trim().replace(/[^A-Za-z0-9_.-]+/g, '-');
  const [host = '', organisation] = module.split('/');
  return host.includes('.') && organisation !== undefined ? `@${organisation}/${team}` : `@${team}`;
}

/** Returns the host of an image registry's prefix, as docker login wants it. */
export function registryHost(registry: string): string {
  const [first = ''] = registry.split('/');
  return /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}
