import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplates } from '../scripts/build/read-templates.js';
import { diagnosticLine } from '../src/errors.js';
import { checkTemplates } from './support/check-templates.js';

const templates = readTemplates(path.resolve(import.meta.dirname, '../templates'));

describe('the templates', () => {
  it('say nothing that the model does not have', { timeout: 60_000 }, () => {
    expect(checkTemplates(templates).map(diagnosticLine)).toEqual([]);
  });
});

/** A mistake: where the file would go, what it says, and the place and the words of the report. */
type Mistake = readonly [name: string, path: string, text: string, place: string, message: string];

const mistakes: readonly Mistake[] = [
  ['an unknown property', 'a', 'x\n{{nme}}', '2:3', "Property 'nme' does not exist"],
  ['an unknown property of a property', 'b', '{{api.soap}}', '1:7', "Property 'soap' does not exist"],
  [
    'a property of the item in an each',
    'c',
    '{{#each resources}}\n  {{names.kebap}}\n{{/each}}',
    '2:11',
    "Did you mean 'kebab'",
  ],
  ['one ../ too few', 'd', '{{#each resources}}{{module}}{{/each}}', '1:22', "Property 'module' does not exist"],
  ['one ../ too many', 'e', '{{#each resources}}{{../../module}}{{/each}}', '1:22', 'goes above the root context'],
  [
    '../ through if, which sets no context',
    'f',
    '{{#if api.rest}}{{../name}}{{/if}}',
    '1:19',
    'goes above the root context',
  ],
  ['an each over a text', 'g', '{{#each name}}x{{/each}}', '1:9', 'No overload matches'],
  ['an each over a boolean', 'h', '{{#each api.rest}}x{{/each}}', '1:9', 'No overload matches'],
  ['printing an object', 'i', 'a {{names}}', '1:5', "not assignable to parameter of type 'string | number'"],
  ['printing a list', 'j', '{{resources}}', '1:3', "not assignable to parameter of type 'string | number'"],
  ['printing a boolean', 'k', '{{api.rest}}', '1:3', "not assignable to parameter of type 'string | number'"],
  ['printing what may be missing', 'l', '{{#each resources}}{{cache.ttl}}{{/each}}', '1:22', 'possibly'],
  ['a helper with too few arguments', 'm', '{{goString}}', '1:3', 'Expected 1 arguments'],
  ['a helper with too many arguments', 'n', '{{goString name module}}', '1:17', 'Expected 1 arguments'],
  [
    'a helper with an argument of a wrong type',
    'o',
    '{{goString api}}',
    '1:12',
    "not assignable to parameter of type 'string'",
  ],
  [
    'a helper with a list for a text',
    'p',
    '{{yamlString resources}}',
    '1:14',
    "not assignable to parameter of type 'string'",
  ],
  ['a wrong literal', 'q', '{{goComment name "1"}}', '1:18', "not assignable to parameter of type 'number'"],
  [
    'a wrong argument in a nested call',
    'r',
    '{{goString (indent 1 name)}}',
    '1:20',
    "not assignable to parameter of type 'string'",
  ],
  ['an unknown helper', 's', '{{goSting name}}', '1:3', 'unknown helper "goSting"'],
  ['an unknown block helper', 't', '{{#goAlign}}x{{/goAlign}}', '1:4', 'unknown block helper'],
  ['a block helper with an argument', 'u', '{{#goalign 1}}x{{/goalign}}', '1:12', 'Expected 1 arguments'],
  ['@index outside of an each', 'v', '{{@index}}', '1:3', '@index is not available here'],
  [
    '@../index in one each',
    'w',
    '{{#each resources}}{{@../index}}{{/each}}',
    '1:22',
    '@../index is not available here',
  ],
  ['a partial', 'x', 'a\n {{> header}}', '2:2', 'partials are not allowed'],
  ['an unescaped expression of GitHub', 'y', 'run: ${{ github.ref }}', '1:10', "Property 'github' does not exist"],
  ['an unescaped label of Prometheus', 'z', 'a {{ $labels.pod }}', '1:6', "Property '$labels' does not exist"],
  ['an unescaped value of Helm', 'aa', 'a\nb {{ .Values.x }}', '2:1', 'not valid Handlebars'],
  ['an unknown slot', 'bb', 'a\n  {{slot "known.not"}}', '2:10', 'does not exist on type'],
  [
    'a slot with a wrong context',
    'cc',
    '{{#each resources}}\n{{slot "known"}}\n{{/each}}',
    '2:1',
    'not assignable to parameter',
  ],
  ['a slot without its item', 'dd', '{{slot "for.resource"}}', '1:1', 'not assignable to parameter'],
  [
    'a block parameter of a wrong type',
    'ee',
    '{{#each resources as |r|}}{{r.nmes.kebab}}{{/each}}',
    '1:31',
    "Property 'nmes' does not exist",
  ],
  ['a path variable without its item', 'ff/__resource__', '{{name}}', '1:3', "Property 'name' does not exist"],
  ['an unknown name in a path', 'gg/__resource.goPackge__', 'x', '0:0', "Property 'goPackge' does not exist"],
  ['a path variable that is no text', 'hh/__resource.fields__', 'x', '0:0', 'not assignable'],
  [
    'a property after the wrong branch',
    'ii',
    '{{#with auth}}{{#if enabled}}x{{else}}{{audence}}{{/if}}{{/with}}',
    '1:41',
    "Did you mean 'audience'",
  ],
  ['a raw block with another name', 'jj', '{{{{raws}}}}x{{{{/raws}}}}', '1:5', 'a raw block is {{{{raw}}}}'],
  ['an else where none is', 'kk', '{{#goalign}}x{{else}}y{{/goalign}}', '1:4', '#goalign has no else'],
];

/** Constructs that look like the mistakes and are right. */
const right: readonly (readonly [path: string, text: string])[] = [
  ['a', '{{#each resources}}{{#if cache}}{{cache.ttl}}{{/if}}{{/each}}'],
  ['b', '{{#each resources}}{{#with cache}}{{ttl}}{{../name}}{{../../module}}{{/with}}{{/each}}'],
  [
    'c',
    '{{#each resources as |r i|}}{{i}}{{r.name}}{{#each r.fields as |f|}}{{f.name}}{{r.name}}{{@../index}}{{/each}}{{/each}}',
  ],
  ['d', '{{#if api.rest}}{{name}}{{else if stores.mysql}}{{module}}{{/if}}{{#unless api.any}}{{owner}}{{/unless}}'],
  ['e', '{{json resources}} {{goComment description 2}} {{indent "  " (goComment description)}} {{resources.length}}'],
  [
    'f',
    'run: $\\{{ github.ref }}\n{{{{raw}}}}${{ x }}{{{{/raw}}}}\n\n{{slot "known"}}\n{{#each resources}}\n{{slot "for.resource"}}\n{{/each}}',
  ],
  [
    'g/__resource.goPackage__',
    '{{service.module}} {{resource.name}}{{#with resource}}{{name}}{{../service.name}}{{/with}}',
  ],
  [
    'h/__environment__',
    '{{service.module}} {{environment.name}}{{#each environment.config}}{{key}}{{../environment.name}}{{/each}}',
  ],
];

describe('the type check', () => {
  const reports = new Map<string, string>();
  const base = [
    ['service/component.yaml', 'name: service\ntitle: t\nsummary: s\nownership: {"**": yours}\n'],
    ['service/slots.yaml', 'known: {summary: s}\nfor.resource: {summary: s, context: Resource}\n'],
  ] as const;

  it('is run once over all of these', { timeout: 60_000 }, () => {
    const wrong = mistakes.map(([, file, text]) => [`service/files/wrong/${file}.hbs`, text] as const);
    const good = right.map(([file, text]) => [`service/files/right/${file}.hbs`, text] as const);
    for (const problem of checkTemplates(new Map([...base, ...wrong, ...good]))) {
      reports.set(
        problem.file,
        `${reports.get(problem.file) ?? ''}${problem.line}:${problem.column} ${problem.message}\n`,
      );
    }
    expect(reports.size).toBe(mistakes.length);
  });

  it.each(mistakes)('finds %s', (_, file, __, place, message) => {
    const report = reports.get(`service/files/wrong/${file}.hbs`);
    expect(report?.split(' ')[0]).toBe(place);
    expect(report).toContain(message);
  });

  it.each(right)('says nothing about what is right: %s', (file) => {
    expect(reports.get(`service/files/right/${file}.hbs`)).toBeUndefined();
  });

  it('finds paths of the model that a component.yaml has wrong', { timeout: 60_000 }, () => {
    const soap =
      'name: soap\ntitle: t\nsummary: s\nactiveWhen: api.soap\nappliesTo: store.oracle\nownership: {"**": yours}\n';
    const lines = checkTemplates(new Map([...base, ['components/soap/component.yaml', soap]])).map(diagnosticLine);
    expect(lines).toEqual([
      expect.stringContaining("components/soap/component.yaml: Property 'soap' does not exist"),
      expect.stringContaining("components/soap/component.yaml: Property 'oracle' does not exist"),
    ]);
  });
});
