import { describe, expect, it } from 'vitest';
import { handlebarsTemplate } from '../../../test/support/handlebars-template.js';
import { helperNames } from '../../render/helpers/helpers.js';
import { renderKit } from '../../render/render-kit.js';
import type { Component } from '../catalog.js';
import { compileTemplate } from './compile.js';
import { parseTemplate } from './parse.js';

const context = {
  name: 'orders',
  count: 0,
  on: true,
  off: false,
  empty: [],
  none: '',
  list: ['a', 'b', 'c'],
  items: [
    { name: 'x', tags: ['p', 'q'], inner: { deep: 'd1' } },
    { name: 'y', tags: [], inner: { deep: 'd2' } },
  ],
  record: { b: 1, a: 2 },
  nested: { 'a-b': 'dashed', own: { name: 'inner' } },
};

const slotted: Component = {
  name: 'service',
  title: 'Service',
  summary: 'x',
  requires: [],
  conflicts: [],
  provides: [],
  env: [],
  ports: [],
  images: [],
  files: [],
  fragments: [
    { slot: 'two.lines', source: 'a', template: () => 'first\n\n  second\n' },
    { slot: 'named', source: 'b', template: (c) => `<${(c as { name: string }).name}>` },
    { slot: 'blank', source: 'c', template: () => ' \n' },
  ],
};
const kit = renderKit([slotted]);

const emitted = (text: string) => compileTemplate('t.hbs', text, helperNames)(context, kit);
const reference = (text: string) => handlebarsTemplate('t.hbs', text)(context, kit);

describe('emitted templates equal real Handlebars', () => {
  it.each([
    ['text', 'plain $ ` \\ text \u2028\n'],
    ['output', '{{name}} {{this.name}} {{./name}} {{count}} {{nested.own.name}} {{nested.[a-b]}} {{list.length}}'],
    ['comments', 'a\n{{! gone }}\n  {{!-- gone {{too}} --}}\nb'],
    ['if', '{{#if on}}yes{{else}}no{{/if}}{{#if off}}yes{{else}}no{{/if}}{{#if empty}}yes{{else}}no{{/if}}'],
    ['if of 0 and ""', '{{#if count}}yes{{else}}no{{/if}}{{#if none}}yes{{else}}no{{/if}}{{#if list}}yes{{/if}}'],
    ['else if', '{{#if off}}1{{else if empty}}2{{else if on}}3{{else}}4{{/if}}'],
    ['unless', '{{#unless off}}yes{{/unless}}{{#unless on}}yes{{else}}no{{/unless}}'],
    ['standalone blocks', 'a\n  {{#if on}}\n  b\n  {{else}}\n  c\n  {{/if}}\nd\n{{#each list}}\n{{this}}\n{{/each}}\n'],
    ['white-space control', 'a  {{~#if on~}}  b  {{~/if~}}  c {{~name~}} d'],
    ['each', '{{#each list}}{{this}}{{@index}}{{@first}}{{@last}}{{@key}},{{/each}}'],
    ['each of nothing', '{{#each empty}}x{{else}}none{{/each}}{{#each list}}x{{else}}none{{/each}}'],
    ['each of a record', '{{#each record}}{{@key}}={{this}}{{@first}}{{@last}};{{/each}}'],
    [
      'each in each',
      '{{#each items}}{{name}}:{{#each tags}}{{../name}}{{@../index}}{{@index}}{{../../name}}{{else}}-{{/each}};{{/each}}',
    ],
    [
      'block parameters',
      '{{#each items as |item i|}}{{i}}{{item.name}}{{#each item.tags as |tag|}}{{tag}}{{item.name}}{{/each}}{{/each}}',
    ],
    ['record parameters', '{{#each record as |value key|}}{{key}}:{{value}} {{/each}}'],
    ['with', '{{#with nested.own}}{{name}} {{../name}} {{@root.name}}{{/with}}{{#with empty}}x{{else}}none{{/with}}'],
    ['with of 0', '{{#with count}}zero{{/with}}{{#with none}}x{{else}}none{{/with}}'],
    ['with parameters', '{{#with nested.own as |own|}}{{own.name}}{{#each ../list}}{{own.name}}{{/each}}{{/with}}'],
    ['@root', '{{#each items}}{{#each tags}}{{@root.name}}{{@root.nested.own.name}}{{/each}}{{/each}}'],
    ['helpers', '{{goString name}} {{json items}} {{indent "> " (goString name)}} {{goString "{{x}}"}}'],
    ['helpers in blocks', '{{#if (goString name)}}yes{{/if}}{{#with (json list)}}{{this}}{{/with}}'],
    ['goalign', '{{#goalign}}\n\tlong name\tb\n\t{{name}}\tc\n{{/goalign}}\nend'],
    ['goalign in goalign', '{{#goalign}}a\tb\n{{#goalign}}\nccc\td\n{{/goalign}}{{/goalign}}'],
    ['raw blocks', 'a\n{{{{raw}}}}\n  ${{ github.ref }} {{#if}}\n{{{{/raw}}}}\nb {{{{raw}}}}{{x}}{{{{/raw}}}}'],
    ['escapes', '$\\{{ github.ref }} \\{{name}} \\\\{{name}}'],
    ['slot alone on its line', 'a\n  {{slot "two.lines"}}\nb\n{{slot "blank"}}\nc\n{{slot "two.lines"}}'],
    ['slot with a context', '{{#each items}}\n{{slot "named" ../nested.own}}\n{{slot "named"}}\n{{/each}}'],
    ['slot in a branch', '{{#if on}}\n\t{{slot "two.lines"}}\n{{else}}\n{{slot "blank"}}\n{{/if}}\nend\n'],
    ['Windows line ends', 'a\r\n{{#if on}}\r\nb\r\n{{/if}}\r\n{{slot "blank"}}\r\nc\r\n'],
  ])('%s', (_, text) => {
    expect(emitted(text)).toBe(reference(text));
  });

  it('drops the line of an empty slot and indents the lines of a full one', () => {
    expect(emitted('a\n  {{slot "blank"}}\nb\n  {{slot "two.lines"}}\nc\n')).toBe('a\nb\n  first\n\n    second\nc\n');
  });

  it.each([
    ['{{{name}}}', '{orders}'],
    ['T{a: {{name}}}', 'T{a: orders}'],
    ['T{U{ {{~name}}}}', 'T{U{orders}}'],
    ['{"a":{"b":{{count}}}}', '{"a":{"b":0}}'],
    ['{{#if on}}T{}{{/if}}}', 'T{}}'],
    ['T{{{#if on}}x{{/if}}}{{name}}}}}', 'T{x}orders}}}'],
    ['a{b{c{}}}', 'a{b{c{}}}'],
    ['{{goString "}}}"}}}', '"}}}"}'],
    ['{{! }}}', '}'],
    ['{{{{raw}}}}{{{x}}}{{{{/raw}}}}}', '{{{x}}}}'],
  ])('lets a brace touch a tag: %s', (text, wanted) => {
    expect(emitted(text)).toBe(wanted);
  });

  it('keeps the places of what stands after a brace', () => {
    expect(() => emitted('\nT{{{name}}} {{{name}}} {{{nested.missing}}}')).toThrow('nothing to print at 2:34');
  });

  it('throws for what is missing, with its place', () => {
    expect(() => emitted('a\n {{nested.missing}}')).toThrow('nothing to print at 2:11');
  });

  it('never evaluates text of a person', () => {
    const text = compileTemplate('t.hbs', '{{name}}', helperNames)({ name: '{{count}} ${1} `' }, kit);
    expect(text).toBe('{{count}} ${1} `');
  });
});

describe('what templates may not use', () => {
  it.each([
    ['{{> part}}', '1:1 partials are not allowed in a template'],
    ['{{#> part}}x{{/part}}', '1:1 partials are not allowed in a template'],
    ['{{#*inline "x"}}y{{/inline}}', '1:1 decorators are not allowed in a template'],
    ['{{&name}}', '1:1 {{& }} is not needed: nothing is escaped'],
    ['{{lookup list 0}}', '1:3 unknown helper "lookup"'],
    ['{{log name}}', '1:3 unknown helper "log"'],
    ['{{goString (eq name 1)}}', '1:13 unknown helper "eq"'],
    ['{{#if name includeZero=true}}x{{/if}}', '1:12 named argument "includeZero=" is not allowed'],
    ['{{goString name x=1}}', '1:17 named argument "x=" is not allowed'],
    ['{{#if}}x{{/if}}', '1:4 #if needs 1 argument, got 0'],
    ['{{#each a b}}x{{/each}}', '1:4 #each needs 1 argument, got 2'],
    ['{{#loop list}}x{{/loop}}', '1:4 unknown block helper "#loop"'],
    ['{{^list}}x{{/list}}', '1:4 unknown block helper "#list"'],
    ['{{#list}}x{{/list}}', '1:4 unknown block helper "#list"'],
    ['{{#constructor}}x{{/constructor}}', '1:4 unknown block helper "#constructor"'],
    ['{{#with name as |a b|}}x{{/with}}', '1:4 #with has no block parameter 2'],
    ['{{#each list as |json|}}x{{/each}}', '1:4 block parameter "json" hides a helper'],
    ['{{#goalign}}x{{else}}y{{/goalign}}', '1:4 #goalign has no else'],
    ['{{{{other}}}}x{{{{/other}}}}', '1:5 a raw block is {{{{raw}}}}, not {{{{other}}}}'],
    ['{{../name}}', '1:3 "../name" goes above the root context'],
    ['{{@index}}', '1:3 @index is not available here'],
    ['{{#each list}}{{@../index}}{{/each}}', '1:17 @../index is not available here'],
    ['{{#each list}}{{@constructor}}{{/each}}', '1:17 @constructor is not available here'],
    ['a {{"text"}}', '1:5 a literal needs no braces'],
    ['{{5}}', '1:3 a literal needs no braces'],
    ['{{slot name}}', '1:1 slot takes a name in quotes and, if not this, a context'],
    ['a {{slot "named"}}', '1:3 a slot stands alone on its line'],
    ['{{slot "named" this}} b', '1:1 a slot stands alone on its line'],
    ['{{slot}}', '1:1 slot takes a name in quotes and, if not this, a context'],
    ['{{slot "a" b c}}', '1:1 slot takes a name in quotes and, if not this, a context'],
    ['{{goString null}}', '1:12 null is not allowed in a template'],
    ['{{goString undefined}}', '1:12 undefined is not allowed in a template'],
    ['a\n{{#if on}}\nb', '3:1 not valid Handlebars, unexpected EOF'],
    ['a\n{{#if on}}\n{{/each}}', "2:4 if doesn't match each"],
    ['x\n{{ .Values.a }}', '2:1 not valid Handlebars, unexpected SEP'],
  ])('%s', (text, problem) => {
    const [first] = parseTemplate('t.hbs', text, helperNames).problems;
    expect(`${first?.line}:${first?.column} ${first?.message}`).toContain(problem);
  });

  it('reports everything at once', () => {
    expect(parseTemplate('t.hbs', '{{> a}}\n{{@index}}\n{{../b}}', helperNames).problems).toHaveLength(3);
  });
});
