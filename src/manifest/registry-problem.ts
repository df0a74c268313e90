const host = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?$/i;
const component = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;

/**
 * Returns what keeps a text from being the prefix of an image name, if anything. Source: the grammar of
 * github.com/distribution/reference.
 */
export function registryProblem(registry: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(registry)) return 'an image registry has no scheme such as https://';
  if (registry.startsWith('/') || registry.endsWith('/'))
    return 'an image registry neither begins nor ends with a slash';
  const [first = '', ...rest] = registry.split('/');
  if (!host.test(first)) return `${JSON.stringify(first)} is not a host`;
  const wrong = rest.find((part) => !component.test(part));
  if (wrong === undefined) return undefined;
  if (/[:@]/.test(wrong)) return 'an image registry has no tag and no digest: the image name follows it';
  return `${JSON.stringify(wrong)} is not a part of an image name: lower-case letters, digits and single . _ - between them`;
}
