/**
 * Tells whether a path may name a file of a service: relative, with forward slashes, inside the service, and not in
 * `.git`, where a file could run code. Lock and journal come from a repository that anybody may have written.
 */
export function isServicePath(path: string): boolean {
  return !/[\\\0]/.test(path) && path.split('/').every(isServiceName);
}

function isServiceName(name: string): boolean {
  return !['', '.', '..', '.git'].includes(name.toLowerCase());
}
