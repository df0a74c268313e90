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
