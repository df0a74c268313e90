import { describe, expect, it } from 'vitest';
import { diagnosticLine, UserError } from '../errors.js';
import { catalogFrom } from './catalog-from.js';

const service =
  'name: service\ntitle: Service\nsummary: The skeleton.\nownership:\n  "cmd/**": managed\n  "run.sh": { class: yours, executable: true }\n  "**": yours\n';
const component = (name: string, more = '') =>
  `name: ${name}\ntitle: T\nsummary: S.\nownership: { "**": generated }\n${more}`;

const sources = (files: Readonly<Record<string, string>>) =>
  new Map(
    Object.entries({ 'service/component.yaml': service, 'service/slots.yaml': 'known: {summary: s}\n', ...files }),
  );

const read = (files: Readonly<Record<string, string>>) =>
  catalogFrom(sources(files), (source, text) => `${source}=${text}`);

function problems(files: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(files);
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics.map(diagnosticLine);
    throw error;
  }
  return [];
}

describe('catalogFrom', () => {
  it('gives a component the files that it copies, with its own classes', () => {
    const copies = 'copies:\n  - { from: platform/files/config, to: deployments/compose }\n';
    const { components, platform } = read({
      'components/a/component.yaml': component('a', copies),
      'platform/files/config/b/c.yaml': 'text',
    });
    const copied = { source: 'platform/files/config/b/c.yaml', template: 'platform/files/config/b/c.yaml=text' };
    expect(components[1]?.files).toEqual([
      { ...copied, path: 'deployments/compose/b/c.yaml', class: 'generated', mode: 0o644 },
    ]);
    expect(platform).toEqual([{ ...copied, path: 'config/b/c.yaml', class: 'managed', mode: 0o644 }]);
    expect(problems({ 'components/a/component.yaml': component('a', copies) })).toEqual([
      expect.stringContaining('copies: there is nothing in platform/files/config'),
    ]);
  });

  it('reads files with their class and mode, the first rule that matches', () => {
    const { components } = read({
      'service/files/cmd/__service__/main.go.hbs': 'a',
      'service/files/run.sh': 'b',
      'service/files/docs/x.md.hbs': 'c',
    });
    expect(components[0]?.files).toEqual([
      {
        path: 'cmd/__service__/main.go',
        source: 'service/files/cmd/__service__/main.go.hbs',
        class: 'managed',
        mode: 0o644,
        template: 'service/files/cmd/__service__/main.go.hbs=a',
      },
      {
        path: 'docs/x.md',
        source: 'service/files/docs/x.md.hbs',
        class: 'yours',
        mode: 0o644,
        template: 'service/files/docs/x.md.hbs=c',
      },
      {
        path: 'run.sh',
        source: 'service/files/run.sh',
        class: 'yours',
        mode: 0o755,
        template: 'service/files/run.sh=b',
      },
    ]);
  });

  it('has service first, components by name, glue last, which requires its parts', () => {
    const { components } = read({
      'components/b/component.yaml': component('b', 'requires: [a]\nactiveWhen: api.rest\n'),
      'components/a+b/component.yaml': component('a+b'),
      'components/a/component.yaml': component('a'),
    });
    expect(components.map(({ name, requires }) => [name, requires])).toEqual([
      ['service', []],
      ['a', []],
      ['b', ['a']],
      ['a+b', ['a', 'b']],
    ]);
  });

  it('reads fragments and slots', () => {
    const { components, slots } = read({
      'components/a/component.yaml': component('a'),
      'components/a/slots/known.hbs': 'x',
    });
    expect(components[1]?.fragments).toEqual([
      { slot: 'known', source: 'components/a/slots/known.hbs', template: 'components/a/slots/known.hbs=x' },
    ]);
    expect(slots).toEqual([{ name: 'known', summary: 's', context: 'ServiceModel' }]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'no component.yaml',
      { 'components/a/files/x.hbs': '' },
      'components/a/component.yaml: a component has a component.yaml',
    ],
    [
      'another name',
      { 'components/a/component.yaml': component('b') },
      'components/a/component.yaml: name is "b", the folder is "a"',
    ],
    [
      'an unknown key',
      { 'components/a/component.yaml': component('a', 'activWhen: x\n') },
      'components/a/component.yaml:1:1: file: Unrecognized key: "activWhen"',
    ],
    [
      'a wrong value',
      { 'components/a/component.yaml': component('a', 'ports:\n  - {name: http, number: 0, description: d}\n') },
      'components/a/component.yaml:6:26: ports.0.number: Too small',
    ],
    ['no YAML', { 'components/a/component.yaml': 'a: [' }, 'components/a/component.yaml:1:'],
    [
      'no class',
      { 'components/a/component.yaml': 'name: a\ntitle: t\nsummary: s\n', 'components/a/files/x.hbs': '' },
      'components/a/files/x.hbs: no line of ownership: in component.yaml matches x',
    ],
    [
      'an unknown slot',
      { 'components/a/component.yaml': component('a'), 'components/a/slots/y.hbs': '' },
      'components/a/slots/y.hbs: service/slots.yaml declares no slot "y"',
    ],
    [
      'Go that the Go tool would see',
      { 'service/files/x.go': '' },
      'service/files/x.go: a Go file below files/ ends in .go.hbs',
    ],
    [
      'two owners of one path',
      { 'components/a/component.yaml': component('a'), 'components/a/files/X.hbs': '', 'service/files/x': '' },
      'components/a/files/X.hbs: X is also made by service/files/x',
    ],
    [
      'two packages of one name',
      {
        'service/platform/x/x.go': 'package x\n',
        'components/a/component.yaml': component('a'),
        'components/a/platform/x/x.go': 'package x\n',
      },
      'internal/platform/x is also made by',
    ],
    [
      'an import of no package',
      { 'service/platform/x/x.go': 'package x\n\nimport (\n\t"create-service/templates/service/platform/y"\n)\n' },
      'service/platform/x: imports create-service/templates/service/platform/y, which is no package here',
    ],
    [
      'an unknown requirement',
      { 'components/a/component.yaml': component('a', 'requires: [z]\n') },
      'components/a/component.yaml: requires: there is no component "z"',
    ],
    [
      'glue without a part',
      { 'components/a+z/component.yaml': component('a+z') },
      'components/a+z/component.yaml: requires: there is no component "a"',
    ],
    [
      'an unknown conflict',
      { 'components/a/component.yaml': component('a', 'conflicts: [z]\n') },
      'components/a/component.yaml: conflicts: there is no component "z"',
    ],
    [
      'a circle',
      {
        'components/a/component.yaml': component('a', 'requires: [b]\n'),
        'components/b/component.yaml': component('b', 'requires: [a]\n'),
      },
      'components/a/component.yaml: requires: a → b → a is a circle',
    ],
    [
      'a key of two packages',
      {
        'service/platform/x/x.go': 'package x\n\ntype Config struct {\n\tA string `env:"A"`\n}\n',
        'service/platform/y/y.go': 'package y\n\ntype Config struct {\n\tA string `env:"A"`\n}\n',
      },
      'service/platform/y: the key A is also declared by service/platform/x',
    ],
    [
      'unequal ports of one name',
      {
        'components/a/component.yaml': component('a', 'ports:\n  - {name: p, number: 1, description: d}\n'),
        'components/b/component.yaml': component('b', 'ports:\n  - {name: p, number: 2, description: d}\n'),
      },
      'components/b/component.yaml: port p is not what components/a/component.yaml says',
    ],
  ])('refuses %s', (_, files, message) => {
    expect(problems(files).join('\n')).toContain(message);
  });

  it('takes equal images of one name', () => {
    const image = 'images:\n  - {name: i, reference: r}\n';
    const files = {
      'components/a/component.yaml': component('a', image),
      'components/b/component.yaml': component('b', image),
    };
    expect(problems(files)).toEqual([]);
  });

  it('reports everything at once', () => {
    expect(
      problems({
        'components/a/component.yaml': 'a: [',
        'components/b/component.yaml': 'b: [',
        'service/files/x.go': '',
      }),
    ).toHaveLength(3);
  });
});

describe('Go packages', () => {
  const go = `// Package x is it.
package x

import (
	"fmt"

	"create-service/templates/service/kernel/fault"
)

// Config is what can be set.
type Config struct {
	// Addr is where it listens,
	// as host:port.
	Addr string \`env:"X_ADDR" envDefault:":80\\"80"\`
	Password config.Secret \`env:"X_PASSWORD,required" secret:"true"\`
	// Wait is how long.
	Wait time.Duration \`env:"X_WAIT" envDefault:"5s" min:"1s" max:"1m"\`

	plain int
}
`;
  const { packages } = read({
    'service/platform/x/x.go': go,
    'service/platform/x/x_test.go': 'package x\n',
    'service/platform/x/page/page.html': '<p>',
    'service/platform/x/testdata/y.go': 'package y\n',
    'service/platform/x/inner/inner.go': 'package inner\n',
    'service/kernel/fault/fault.go': 'package fault\n',
    'components/a/component.yaml': component('a'),
    'components/a/platform/z/z.go': 'package z\n',
  });

  it('lie where services will have them, with what is embedded and without tests', () => {
    expect(packages.map(({ directory, owner, files }) => [directory, owner, files.map(({ name }) => name)])).toEqual([
      ['internal/fault', 'service', ['fault.go']],
      ['internal/platform/x', 'service', ['page/page.html', 'x.go']],
      ['internal/platform/x/inner', 'service', ['inner.go']],
      ['internal/platform/z', 'a', ['z.go']],
    ]);
  });

  it('know which packages they import', () => {
    expect(packages[1]?.imports).toEqual(['create-service/templates/service/kernel/fault']);
  });

  it('declare configuration keys by tags', () => {
    const common = { struct: 'Config', required: false, secret: false };
    expect(packages[1]?.config).toEqual([
      {
        ...common,
        key: 'X_ADDR',
        field: 'Addr',
        type: 'string',
        default: ':80"80',
        doc: 'Addr is where it listens, as host:port.',
      },
      { ...common, key: 'X_PASSWORD', field: 'Password', type: 'config.Secret', required: true, secret: true, doc: '' },
      {
        ...common,
        key: 'X_WAIT',
        field: 'Wait',
        type: 'time.Duration',
        default: '5s',
        min: '1s',
        max: '1m',
        doc: 'Wait is how long.',
      },
    ]);
  });
});
