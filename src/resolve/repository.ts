/**
 * Returns where people read docs/runbook.md of the main branch, as far as a module's path tells: the repositories of
 * GitHub have two elements after the host, what follows is a directory; GitLab puts `-` before its own pages.
 */
export function runbookUrl(module: string): string {
  const [host = '', ...elements] = module.replace(/\/v\d+$/, '').split('/');
  const depth = host === 'github.com' ? 2 : elements.length;
  const repository = [host, ...elements.slice(0, depth)].join('/');
  const file = [...elements.slice(depth), 'docs', 'runbook.md'].join('/');
  return `https://${repository}/${host.startsWith('gitlab.') ? '-/' : ''}blob/main/${file}`;
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
