/** Returns what keeps a text from being a kebab-case name of the manifest (service, resource, action, …), if anything. */
export function nameProblem(text: string): string | undefined {
  if (text === '') return 'a name is needed';
  if (text.length > 40) return `${text.length} characters; at most 40 are allowed`;
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) return undefined;
  if (/^[^a-z]/.test(text)) return 'a name begins with a lower-case letter';
  if (/^[a-z0-9-]*$/.test(text)) return 'dashes stand single and between letters or digits';
  return 'a name has only lower-case letters, digits and dashes';
}
