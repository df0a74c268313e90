import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { ContractProblem } from '../contract.js';

/** A part of an OpenAPI document, which knows its place: whoever cannot use it says so by {@link Part.fail}. */
export interface Part {
  /** The names that lead to it: `paths./v1/orders.get`. */
  readonly name: string;
  /** Name of the component that a reference led to: `Order` of `#/components/schemas/Order`. */
  readonly component?: string;
  /** Returns a member of a mapping. */
  get(key: string): Part | undefined;
  /** Returns the members of a mapping, in their order. */
  entries(): readonly (readonly [key: string, part: Part])[];
  /** Returns the entries of a list. */
  items(): readonly Part[];
  /** Returns the text, number or truth value that stands there. */
  value(): string | number | boolean | null | undefined;
  /** Returns a single text; anything else fails. */
  text(): string;
  fail(message: string): never;
}

/** Returns an OpenAPI document, YAML or JSON, as a part; references are followed wherever they stand. */
export function document(text: string, file: string): Part {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [error] = parsed.errors;
  if (error) throw new ContractProblem(`it is not YAML: ${error.message}`, placeOf(error.pos[0]));
  const root = parsed.contents;
  const part = (node: Node | null, name: string, component?: string, depth = 0): Part => {
    const fail = (message: string): never => {
      throw new ContractProblem(`${name === '' ? 'the document' : name} ${message}`, placeOf(node?.range?.[0] ?? 0));
    };
    if (isAlias(node)) return part(node.resolve(parsed) ?? null, name, component, depth + 1);
    const reference = isMap(node) ? node.get('$ref') : undefined;
    if (typeof reference === 'string') {
      if (depth > 20) return fail('is a reference that leads to itself');
      const found = pointed(root, reference);
      if (!found) return fail(`refers to ${reference}, which is not in the document`);
      return part(found, name, reference.slice(reference.lastIndexOf('/') + 1), depth + 1);
    }
    const inner = (key: string | number, child: unknown) =>
      part(child as Node | null, name === '' ? String(key) : `${name}.${key}`, undefined, depth);
    return {
      name,
      ...(component === undefined ? {} : { component }),
      get: (key) => (isMap(node) && node.has(key) ? inner(key, node.get(key, true) ?? null) : undefined),
      entries: () =>
        isMap(node) ? node.items.map((pair) => [keyOf(pair.key), inner(keyOf(pair.key), pair.value)] as const) : [],
      items: () => (isSeq(node) ? node.items.map((item, index) => inner(index, item)) : []),
      value: () => (isScalar(node) ? (node.value as string | number | boolean | null) : undefined),
      text: () => (isScalar(node) && typeof node.value === 'string' ? node.value : fail('is no text')),
      fail,
    };
  };
  return part(root, '');
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** Returns what a reference within the document leads to. */
function pointed(root: Node | null, reference: string): Node | undefined {
  if (!reference.startsWith('#/')) return undefined;
  const names = reference
    .slice(2)
    .split('/')
    .map((name) => decodeURIComponent(name).replace(/~1/g, '/').replace(/~0/g, '~'));
  let node: unknown = root;
  for (const name of names) node = isMap(node) ? node.get(name, true) : undefined;
  return (node as Node | undefined) ?? undefined;
}
