import { type Document, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { yamlString } from '../../text/quote.js';
import { flow } from '../manifest-text.js';
import { entryLines } from './entry-lines.js';

/** The order of the grammar, in which new blocks come. */
const blocks =
  'apiVersion name module owner description registry tier extends api resources consumes tasks clients auth tls config environments components waivers'.split(
    ' ',
  );

/**
 * Adds an entry to a manifest: comments, order, spelling and layout of everything else stay as they are.
 *
 * @param path keys from the root to the entry, which is not there yet
 */
export function withEntry(text: string, path: readonly string[], value: unknown): string {
  const document = parseDocument(text);
  const wanted = document.clone();
  wanted.setIn(path, wanted.createNode(value));
  return checked(inserted(text, document, path, value), wanted);
}

/** Takes an entry away, and a block that has no other one. */
export function withoutEntry(text: string, path: readonly string[]): string {
  const document = parseDocument(text);
  const parent = document.getIn(path.slice(0, -1));
  const whole = isMap(parent) && parent.items.length === 1 && path.length > 1 ? path.slice(0, -1) : path;
  const wanted = document.clone();
  wanted.deleteIn(whole);
  return checked(removed(text, document, whole), wanted);
}

/** Adds an item to a list, which may be missing. */
export function withItem(text: string, path: readonly string[], item: string): string {
  const document = parseDocument(text);
  const list = document.getIn(path);
  if (!isSeq(list)) return withEntry(text, path, [item]);
  const wanted = document.clone();
  wanted.addIn(path, item);
  const items = [...(list.toJSON() as readonly string[]), item];
  return checked(list.flow ? replaced(text, list, flow(items)) : text, wanted);
}

/** Takes an item from a list, and a list that has no other one. */
export function withoutItem(text: string, path: readonly string[], item: string): string {
  const document = parseDocument(text);
  const list = document.getIn(path);
  if (!isSeq(list)) return text;
  const items = (list.toJSON() as readonly string[]).filter((each) => each !== item);
  if (items.length === 0) return withoutEntry(text, path);
  const wanted = document.clone();
  wanted.setIn(path, wanted.createNode(items));
  return checked(list.flow ? replaced(text, list, flow(items)) : withoutLine(text, list, item), wanted);
}

function withoutLine(text: string, list: YAMLSeq, item: string): string {
  const [start = 0, end = 0] = rangeOf(list.items.find((each) => isScalar(each) && each.value === item)) ?? [];
  return text.slice(0, lineStart(text, start)) + text.slice(lineEnd(text, end));
}

/** The layout is kept by writing into the text; what that cannot do right, the library writes, which keeps comments and order. */
function checked(text: string, wanted: Document): string {
  const found = parseDocument(text);
  const isRight = found.errors.length === 0 && meaning(found) === meaning(wanted);
  return isRight ? text : wanted.toString({ lineWidth: 0 });
}

/** Blocks may come in another order than the library would add them in; below them order counts. */
function meaning(document: Document): string {
  const root = Object.entries((document.toJSON() ?? {}) as object);
  return JSON.stringify(root.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function replaced(text: string, node: YAMLSeq | YAMLMap, by: string): string {
  const [start, end] = node.range ?? [0, 0];
  return text.slice(0, start) + by + text.slice(end);
}

function inserted(text: string, document: Document, path: readonly string[], value: unknown): string {
  let depth = path.length - 1;
  while (depth > 0 && !isMap(document.getIn(path.slice(0, depth)))) depth--;
  const map = depth === 0 ? document.contents : document.getIn(path.slice(0, depth));
  if (!isMap(map)) return text;
  if (map.flow && map.items.length > 0) return intoFlow(text, map, path, depth, value);
  if (map.flow) return intoEmpty(text, document, map, path, depth, value);
  const after = depth === 0 ? predecessor(map, path[0] ?? '') : map.items.at(-1);
  const first = map.items[0];
  if (!after || !first) return text;
  const indent = ' '.repeat(columnOf(text, startOf(first)));
  const lines = entryLines(path, depth, value, indent, depth === path.length - 1 ? valueColumn(text, map) : 0);
  return insertedAfter(text, after, lines, depth === 0 && /\n\r?\n/.test(text.slice(startOf(first))));
}

/** The last block that comes before the new one in the grammar. */
function predecessor(map: YAMLMap, key: string): Pair | undefined {
  const place = blocks.indexOf(key);
  const before = map.items.filter((pair) => blocks.indexOf(keyOf(pair)) < place);
  return before.at(-1) ?? map.items.at(-1);
}

function intoFlow(text: string, map: YAMLMap, path: readonly string[], depth: number, value: unknown): string {
  const nested = path.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const end = (map.range?.[1] ?? 0) - 1;
  const blank = /\s*$/.exec(text.slice(0, end))?.[0] ?? '';
  const entry = `, ${yamlString(path[depth] ?? '')}: ${flow(nested)}`;
  return text.slice(0, end - blank.length) + entry + blank + text.slice(end);
}

function intoEmpty(
  text: string,
  document: Document,
  map: YAMLMap,
  path: readonly string[],
  depth: number,
  value: unknown,
): string {
  const parent = document.getIn(path.slice(0, depth - 1));
  const owner = (depth === 1 ? document.contents : parent) as YAMLMap;
  if (owner.flow) return intoFlowless(text, map, path, depth, value);
  const pair = owner.items.find((each) => keyOf(each) === path[depth - 1]);
  if (!pair) return text;
  const indent = ' '.repeat(columnOf(text, startOf(pair)) + 2);
  const ending = endingOf(text);
  const [start, end] = map.range ?? [0, 0];
  const head = text.slice(0, start).replace(/[ \t]+$/, '');
  return `${head}${ending}${entryLines(path, depth, value, indent).join(ending)}${text.slice(end)}`;
}

function intoFlowless(text: string, map: YAMLMap, path: readonly string[], depth: number, value: unknown): string {
  const nested = path.slice(depth).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return replaced(text, map, flow(nested));
}

function insertedAfter(text: string, pair: Pair, lines: readonly string[], isSpaced: boolean): string {
  const ending = endingOf(text);
  const at = lineEnd(text, endOf(pair));
  const block = (isSpaced ? ['', ...lines] : lines).join(ending);
  const isLast = at >= text.length && !text.endsWith('\n');
  return isLast ? `${text}${ending}${block}` : `${text.slice(0, at)}${block}${ending}${text.slice(at)}`;
}

function removed(text: string, document: Document, path: readonly string[]): string {
  const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  const key = path.at(-1);
  if (!isMap(map)) return text;
  const index = map.items.findIndex((pair) => keyOf(pair) === key);
  const pair = map.items[index];
  if (!pair) return text;
  if (map.flow) return map.items.length === 1 ? replaced(text, map, '{}') : outOfFlow(text, map, index);
  const start = lineStart(text, startOf(pair));
  const rest = text.slice(lineEnd(text, endOf(pair)));
  const head = text.slice(0, start);
  // The blank line before a block goes with it.
  return path.length === 1 && /\n\r?\n$/.test(head) ? head.replace(/\r?\n$/, '') + rest : head + rest;
}

/** Takes a pair out of `{ … }` with its comma. Comments stay, but for one behind it on its line. */
function outOfFlow(text: string, map: YAMLMap, index: number): string {
  const [previous, pair, next] = [map.items[index - 1], map.items[index], map.items[index + 1]];
  if (!pair) return text;
  let head = text.slice(0, startOf(pair));
  let tail = text.slice(endOf(pair));
  if (next) tail = tail.replace(/^[^,]*,/, '');
  else if (previous && !/^\s*,/.test(tail)) {
    head = head.slice(0, endOf(previous)) + head.slice(endOf(previous)).replace(',', '');
  }
  const rest = /^,?[ \t]*(?:#.*)?\r?\n/.exec(tail)?.[0];
  if (rest !== undefined && /\n[ \t]*$/.test(head)) return head.replace(/[ \t]*$/, '') + tail.slice(rest.length);
  return next ? head + tail.replace(/^[ \t]+/, '') : head.trimEnd() + tail;
}

/** The column at which all values of a map begin; 0 where they do not begin in one. */
function valueColumn(text: string, map: YAMLMap): number {
  const columns = new Set(map.items.map(({ value }) => columnOf(text, rangeOf(value)?.[0] ?? 0)));
  const [column = 0] = columns;
  return columns.size === 1 && map.items.length > 1 ? column : 0;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function startOf({ key }: Pair): number {
  return rangeOf(key)?.[0] ?? 0;
}

function endOf({ key, value }: Pair): number {
  return lastOffset(value) ?? rangeOf(key)?.[1] ?? 0;
}

/** A block's own range reaches over the comments behind it; its last entry's does not. */
function lastOffset(node: unknown): number | undefined {
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    return last && endOf(last);
  }
  if (isSeq(node) && !node.flow) return lastOffset(node.items.at(-1));
  return rangeOf(node)?.[1];
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return (node as { readonly range?: [number, number, number] } | null | undefined)?.range ?? undefined;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset behind the line that an offset is in; a block scalar ends at the start of a line already. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

function endingOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
