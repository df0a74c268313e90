import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../src/catalog/catalog.js';
import { loadCatalog } from '../src/catalog/load.js';
import type { FileEntry } from '../src/render/file-tree.js';
import { examples, matrix, renderSample } from './support/rendered-services.js';

let catalog: Catalog;

beforeAll(async () => {
  catalog = await loadCatalog();
});

describe.each([...matrix(), ...examples()])('the documents of $name', (sample) => {
  it('link to files and headings that are there, name targets of the Makefile, and end their sentences', async () => {
    const { entries } = await renderSample(sample, catalog);
    const bodies = new Map(entries.map(({ path: name, body }) => [name, body]));
    const documents = entries.filter(({ path: name }) => name.endsWith('.md'));
    expect(documents.flatMap((document) => deadLinks(document, bodies))).toEqual([]);
    expect(documents.flatMap((document) => unknownTargets(document, bodies.get('Makefile') ?? ''))).toEqual([]);
    expect(documents.flatMap(unfinished)).toEqual([]);
  });
});

function deadLinks({ path: name, body }: FileEntry, bodies: ReadonlyMap<string, string>): readonly string[] {
  const links = [...body.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !isAlive(link, name, bodies)).map((link) => `${name}: ${link}`);
}

/** Sentences in which a fact was expected that the service does not have: `off: .` */
function unfinished({ path: name, body }: FileEntry): readonly string[] {
  return [...body.matchAll(/^.*(?:[:,(] ?[.)]|, ,|`` )(?:\s.*)?$/gm)].map(([line]) => `${name}: ${line}`);
}

function isAlive(link: string, from: string, bodies: ReadonlyMap<string, string>): boolean {
  if (/^[a-z]+:/.test(link)) return true;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : path.posix.join(path.posix.dirname(from), file).replace(/\/$/, '');
  if (anchor !== undefined) return anchors(bodies.get(target) ?? '').includes(anchor);
  if (target === 'service.yaml') return true;
  return [...bodies.keys()].some((name) => name === target || name.startsWith(`${target}/`));
}

/** As GitHub makes them of headings. */
function anchors(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function unknownTargets({ path: name, body }: FileEntry, makefile: string): readonly string[] {
  const known = new Set([...makefile.matchAll(/^([a-z0-9 -]+):(?!=)/gm)].flatMap(([, names = '']) => names.split(' ')));
  const named = [...body.matchAll(/(?:`|^|\$ )make ([a-z][a-z0-9-]*)/gm)].map(([, target = '']) => target);
  return named.filter((target) => !known.has(target)).map((target) => `${name}: make ${target}`);
}
