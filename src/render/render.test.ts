import { describe, expect, it } from 'vitest';
import { aCatalog, aComponent } from '../../test/support/a-catalog.js';
import { aModel } from '../../test/support/a-manifest.js';
import type { Manifest } from '../manifest/grammar.js';
import { render } from './render.js';

const order = { store: 'mysql', fields: { total: { type: 'int32' } } } as const;

function rendered(files: Readonly<Record<string, string>>, parts: Partial<Manifest> = {}) {
  const catalog = aCatalog(files);
  return render(aModel(parts, catalog), catalog).entries;
}

const bodies = (files: Readonly<Record<string, string>>, parts?: Partial<Manifest>) =>
  Object.fromEntries(rendered(files, parts).map(({ path, body }) => [path, body]));

describe('render', () => {
  it('gives every file its owner, class and mode, sorted by path', () => {
    const script =
      'name: service\ntitle: t\nsummary: s\nownership: { "*.sh": { class: managed, executable: true }, "**": yours }\n';
    expect(
      rendered({
        'service/component.yaml': script,
        'service/files/b.hbs': '{{name}}\n',
        'service/files/a.sh': '{{name}}\n',
      }),
    ).toEqual([
      { path: 'a.sh', body: '{{name}}\n', mode: 0o755, owner: 'service', class: 'managed' },
      { path: 'b', body: 'orders\n', mode: 0o644, owner: 'service', class: 'yours' },
    ]);
  });

  it('makes no file of a template that renders to white space', () => {
    expect(bodies({ 'service/files/a.hbs': '{{#if api.rest}}x{{/if}}\n \n', 'service/files/b.hbs': '#\n' })).toEqual({
      b: '#\n',
    });
  });

  it('fills names into paths', () => {
    const files = {
      'service/files/cmd/__service__/x.hbs': 'x',
      'service/files/internal/__resource.goPackage__/__resource__.go.hbs':
        'package {{resource.goPackage}} // {{service.name}}\n',
      'service/files/overlays/__environment__/x.hbs': '{{environment.name}} {{service.name}}',
      'service/files/__resource.goPackage___sql.hbs': 's',
    };
    expect(bodies(files, { resources: { 'order-line': order, thing: order }, environments: { qa: {} } })).toEqual({
      'cmd/orders/x': 'x',
      'internal/thing/thing.go': 'package thing // orders\n',
      'internal/orderline/order-line.go': 'package orderline // orders\n',
      thing_sql: 's',
      orderline_sql: 's',
      'overlays/qa/x': 'qa orders',
    });
  });

  it('renders a component only when it is active, and its resource files only for what it applies to', () => {
    const files = {
      'components/mongo/component.yaml': aComponent('mongo', 'activeWhen: uses.resources\nappliesTo: store.mongodb\n'),
      'components/mongo/files/__resource__.hbs': 'x',
      'components/mongo/files/all.hbs': 'x',
      'components/off/component.yaml': aComponent('off', 'activeWhen: api.rest\n'),
      'components/off/files/off.hbs': 'x',
      'components/mongo+off/component.yaml': aComponent('mongo+off'),
      'components/mongo+off/files/glue.hbs': 'x',
    };
    const resources = { a: order, b: { ...order, store: 'mongodb' } } as const;
    expect(Object.keys(bodies(files, { resources }))).toEqual(['all', 'b']);
    expect(Object.keys(bodies(files, { resources, api: ['rest'] }))).toEqual(['all', 'b', 'glue', 'off']);
  });

  it('orders the fragments of a slot by requirement, then name', () => {
    const files = {
      'service/slots.yaml': 'list: {summary: s}\n',
      'service/files/x.hbs': 'a:\n  {{slot "list"}}\nb\n',
      'service/slots/list.hbs': '- service\n',
      'components/a/component.yaml': aComponent('a', 'activeWhen: name\nrequires: [z]\n'),
      'components/a/slots/list.hbs': '- a\n',
      'components/b/component.yaml': aComponent('b', 'activeWhen: name\n'),
      'components/b/slots/list.hbs': '{{#if api.rest}}- b\n{{/if}}',
      'components/c/component.yaml': aComponent('c', 'activeWhen: name\n'),
      'components/c/slots/list.hbs': '- {{module}}\n  c\n',
      'components/z/component.yaml': aComponent('z', 'activeWhen: name\n'),
      'components/z/slots/list.hbs': '- z\n',
    };
    expect(bodies(files)).toEqual({ x: 'a:\n  - service\n  - z\n  - a\n  - github.com/acme/orders\n    c\nb\n' });
  });

  it("copies the Go packages that are reached, with the service's import paths in gofmt's order", () => {
    const importing = (name: string, ...paths: readonly string[]) =>
      `// Package ${name} is it.\npackage ${name}\n\nimport (\n\t"fmt"\n\n${paths.map((path) => `\t"create-service/templates/${path}"\n`).join('')})\n\nvar _ = fmt.Sprint("create-service/templates/x")\n`;
    const files = {
      'service/files/main.go.hbs':
        'package main\n\nimport (\n\t"os"\n\n\t"{{module}}/internal/platform/db"\n\t"{{module}}/internal/platform/far"\n)\n\nvar _ = db.Open\n',
      'components/db/component.yaml': aComponent('db', 'activeWhen: name\n'),
      'components/db/platform/db/db.go': importing(
        'db',
        'components/db/platform/zed',
        'service/kernel/fault',
        'service/platform/log',
      ),
      'components/db/platform/db/db_test.go': 'package db\n',
      'components/db/platform/db/schema/a.sql': 'SELECT 1;\n',
      'components/db/platform/zed/zed.go': '//go:build linux\n\npackage zed\n',
      'components/db/platform/far/far.go': 'package far\n',
      'service/kernel/fault/fault.go': 'package fault\n',
      'service/platform/log/log.go': 'package log\n',
    };
    const header = '// Code generated by create-service. DO NOT EDIT.\n\n';
    const own = (path: string) => `\t"github.com/acme/orders/internal/${path}"\n`;
    expect(bodies(files)).toEqual({
      'main.go': `package main\n\nimport (\n${own('platform/db')})\n\nvar _ = db.Open\n`,
      'internal/fault/fault.go': `${header}package fault\n`,
      'internal/platform/db/db.go': `${header}// Package db is it.\npackage db\n\nimport (\n\t"fmt"\n\n${own('fault')}${own('platform/log')}${own('platform/zed')})\n\nvar _ = fmt.Sprint("create-service/templates/x")\n`,
      'internal/platform/db/schema/a.sql': 'SELECT 1;\n',
      'internal/platform/log/log.go': `${header}package log\n`,
      'internal/platform/zed/zed.go': `${header}//go:build linux\n\npackage zed\n`,
    });
  });

  it("marks copied packages as generated and as their component's", () => {
    const files = {
      'service/files/main.go.hbs':
        'package main\n\nimport (\n\t"{{module}}/internal/platform/db"\n)\n\nvar _ = db.Open\n',
      'components/db/component.yaml': aComponent('db', 'activeWhen: name\n'),
      'components/db/platform/db/db.go': 'package db\n',
    };
    expect(rendered(files)[0]).toMatchObject({
      path: 'internal/platform/db/db.go',
      class: 'generated',
      owner: 'db',
      mode: 0o644,
    });
  });

  it.each([
    ['the same', 'orders'],
    ['different in case', 'ORDERS'],
  ])('refuses two owners of one path, %s', (_, name) => {
    const files = {
      'service/files/__service__.hbs': 'x',
      'components/a/component.yaml': aComponent('a', 'activeWhen: name\n'),
      [`components/a/files/${name}.hbs`]: 'y',
    };
    expect(() => rendered(files)).toThrow(`service makes orders and a makes ${name}: one path cannot have two owners`);
  });

  it('names the template and the place that does not render', () => {
    expect(() => rendered({ 'service/files/a.hbs': '\n {{oops}}' })).toThrow(
      'service/files/a.hbs does not render: nothing to print at 2:4',
    );
  });

  it('refuses a path whose variable is no text', () => {
    expect(() => rendered({ 'service/files/__service.resources__.hbs': 'x' })).toThrow(
      '__service.resources__ is no name of the model',
    );
  });

  it('gives the same tree for the same input, as plain data', () => {
    const files = { 'service/files/a.hbs': '{{json resources}}\n' };
    const once = rendered(files, { resources: { order } });
    expect(rendered(files, { resources: { order } })).toEqual(once);
    expect(JSON.parse(JSON.stringify(once))).toEqual(once);
  });
});
