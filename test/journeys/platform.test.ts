import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { stack } from '../../src/resolve/stack.js';
import type { MemoryFiles } from '../../src/system/memory-files.js';
import { memoryFiles } from '../../src/system/memory-files.js';
import { runCli } from '../support/run-cli.js';

const bundle = (argv: readonly string[] = [], disk: MemoryFiles = memoryFiles({ '/srv/.keep': '' })) =>
  runCli(['platform', 'o11y', ...argv], { disk });

const textOf = (disk: MemoryFiles, path: string) => Buffer.from(disk.read(`/srv/o11y/${path}`) ?? '').toString('utf8');

function write(disk: MemoryFiles, path: string, body: string): void {
  if (disk.status(path)) disk.remove(path);
  disk.create(path, body, 0o644);
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly components?: readonly string[];
  readonly configMapGenerator: readonly { readonly files: readonly string[] }[];
  readonly secretGenerator: readonly { readonly files: readonly string[] }[];
}

const kustomizationOf = (disk: MemoryFiles): Kustomization => parse(textOf(disk, 'kustomization.yaml'));

describe('a bundle', () => {
  it('has every file that its kustomization names, and names every manifest', async () => {
    const { code, files } = await bundle();
    const { resources, components, configMapGenerator, secretGenerator } = kustomizationOf(files);
    const named = [...resources, ...[...configMapGenerator, ...secretGenerator].flatMap((one) => one.files)];
    expect({ code, missing: named.filter((path) => textOf(files, path) === '') }).toEqual({ code: 0, missing: [] });
    const manifests = (files.list('/srv/o11y') ?? []).filter((name) => name.endsWith('.yaml'));
    expect([...resources, 'kustomization.yaml'].sort()).toEqual(manifests.filter((name) => name !== 'logstash').sort());
    expect(components).toBeUndefined();
  });

  it('has a dashboard for each kind of work, of every service, under an address of its own', async () => {
    const { files } = await bundle();
    const dashboards = (files.list('/srv/o11y/dashboards') ?? []).map((name) =>
      JSON.parse(textOf(files, `dashboards/${name}`)),
    );
    const uids = dashboards.map(({ uid }) => uid);
    expect(uids).toEqual(
      expect.arrayContaining(['kind-rest', 'kind-grpc', 'kind-mysql', 'kind-kafka', 'kind-service']),
    );
    expect(new Set(uids).size).toBe(uids.length);
    for (const { panels, templating } of dashboards) {
      expect(panels.length).toBeGreaterThan(1);
      const service = templating.list.find(({ name }: { name: string }) => name === 'service');
      expect(service).toMatchObject({ type: 'query', current: {} });
    }
  });

  it('holds no Secret, names its images by version, and limits the memory of each', async () => {
    const { files } = await bundle(['--logstash']);
    const texts = [...kustomizationOf(files).resources, 'logstash/logstash.yaml'].map((path) => textOf(files, path));
    const objects = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()));
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const containers = objects.flatMap(({ spec }) => spec?.template?.spec?.containers ?? []);
    expect(containers.map(({ name }) => name).sort()).toEqual(
      [
        'collector',
        'dashboards',
        'elasticsearch',
        'filebeat',
        'grafana',
        'jaeger',
        'kibana',
        'logstash',
        'setup',
      ].sort(),
    );
    for (const { image, resources, securityContext } of containers) {
      expect(Object.values(stack)).toContain(image.split(':')[1]);
      expect(resources.limits.memory).toBe(resources.requests.memory);
      expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
    }
  });

  it('gets Logstash when asked, keeps it, and loses it when asked', async () => {
    const { files } = await bundle(['--logstash']);
    expect(kustomizationOf(files).components).toEqual(['logstash']);
    expect((await bundle([], files)).out).toMatch(/^Up to date/);
    await bundle(['--no-logstash'], files);
    expect(kustomizationOf(files).components).toBeUndefined();
    expect(files.status('/srv/o11y/logstash/logstash.conf')).toBeUndefined();
  });

  it('keeps what a person wrote, and merges around it', async () => {
    const { files } = await bundle();
    const edited = textOf(files, 'kustomization.yaml').replace('  - jaeger.yaml\n', '');
    write(files, '/srv/o11y/kustomization.yaml', edited);
    const { code, out } = await bundle(['--logstash'], files);
    expect({ code, isMerged: /kustomization\.yaml +merge/.test(out) }).toEqual({ code: 0, isMerged: true });
    const { resources, components } = kustomizationOf(files);
    expect({ hasJaeger: resources.includes('jaeger.yaml'), components }).toEqual({
      hasJaeger: false,
      components: ['logstash'],
    });
    files.remove('/srv/o11y/grafana.yaml');
    expect((await bundle([], files)).out).toMatch(/1 skipped-deleted/);
    expect(files.status('/srv/o11y/grafana.yaml')).toBeUndefined();
  });

  it('shows a conflict of both sides with markers, and goes on when it is resolved', async () => {
    const { files } = await bundle();
    const text = textOf(files, 'kustomization.yaml');
    const edited = text.replace('  - self-monitoring.yaml\n', '  - self-monitoring.yaml\ncomponents:\n  - ours\n');
    write(files, '/srv/o11y/kustomization.yaml', edited);
    const { code, err } = await bundle(['--logstash'], files);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('kustomization.yaml') });
    const marked = textOf(files, 'kustomization.yaml');
    expect(marked).toContain('<<<<<<<');
    expect((await bundle([], files)).code).toBe(1);
    write(files, '/srv/o11y/kustomization.yaml', marked.replace(/^<{7}.*\n|^\|{7}.*\n|^={7}\n|^>{7}.*\n/gm, ''));
    expect((await bundle([], files)).code).toBe(0);
  });

  it('is only shown by --dry-run', async () => {
    const { code, out, files } = await bundle(['--dry-run']);
    expect({ code, isShown: /kustomization\.yaml +create/.test(out) }).toEqual({ code: 0, isShown: true });
    expect(files.status('/srv/o11y')).toBeUndefined();
    const json = JSON.parse((await bundle(['--dry-run', '--json'])).out);
    expect(json.exitCode).toBe(0);
  });

  it('is not written over files of somebody else', async () => {
    const disk = memoryFiles({ '/srv/o11y/README.md': 'ours\n' });
    const { code, err } = await bundle([], disk);
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('README.md') });
    expect(disk.list('/srv/o11y')).toEqual(['README.md']);
  });

  it('is not written into a service', async () => {
    const manifest = 'apiVersion: create-service/v1\nname: o11y\nmodule: example.com/o11y\nowner: me\n';
    const { files } = await runCli(['new', 'o11y', '--manifest', 'm.yaml', '--yes', '--no-git'], {
      files: { '/srv/m.yaml': manifest },
    });
    const { code, err } = await bundle([], files);
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('is a service') });
  });
});

describe('a service', () => {
  const example = (path: string) => readFileSync(new URL(`../../examples/orders/${path}`, import.meta.url), 'utf8');
  const hints = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('co.elastic.logs/')));

  it('says the same to Filebeat in Kubernetes and in compose.yaml', () => {
    const { labels } = parse(example('compose.yaml')).services.service;
    expect(Object.keys(hints(labels)).length).toBeGreaterThan(1);
    for (const workload of ['server', 'worker']) {
      const deployment = parseAllDocuments(example(`deployments/kubernetes/base/${workload}.yaml`))
        .map((document) => document.toJS())
        .find(({ kind }) => kind === 'Deployment');
      expect(hints(deployment.spec.template.metadata.annotations)).toEqual(hints(labels));
    }
  });

  it('mounts the texts of the bundle, as they are', async () => {
    const { files } = await bundle();
    for (const path of ['collector.yaml', 'filebeat/filebeat.yml', 'setup/index-template.json', 'setup/setup.sh']) {
      const copy = example(`deployments/compose/platform/${path}`).replace(/^# Code generated .*\n/, '');
      expect(copy).toBe(textOf(files, `config/${path}`));
    }
  });

  it('opens no port but on loopback, and asks everything for its health or says that it cannot', () => {
    const services: readonly [string, { ports?: string[]; healthcheck?: object; image: string }][] = Object.entries(
      parse(example('compose.yaml')).services,
    );
    const names = services.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['collector', 'jaeger', 'prometheus', 'grafana', 'asynqmon']));
    expect(names).toEqual(expect.arrayContaining(['elasticsearch', 'kibana', 'filebeat', 'log-setup']));
    for (const [name, { ports = [], healthcheck, image }] of services) {
      expect({ name, healthcheck }).toEqual({ name, healthcheck: expect.anything() });
      expect({ name, open: ports.filter((port) => !port.startsWith('127.0.0.1:')) }).toEqual({ name, open: [] });
      expect(image).toMatch(/:[\w.-]+$/);
    }
    const hosts = services.flatMap(([, { ports = [] }]) => ports.map((port) => port.split(':')[1]));
    expect(new Set(hosts).size).toBe(hosts.length);
  });

  it('brings its searches to Kibana, in a form that Kibana reads', () => {
    const objects = example('deployments/observability/kibana/orders.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.map(({ type }) => type)).toEqual(['search', 'search', 'dashboard']);
    const own = new Set(objects.map(({ type, id }) => `${type} ${id}`));
    for (const { references, attributes } of objects) {
      JSON.parse(attributes.kibanaSavedObjectMeta.searchSourceJSON);
      for (const { type, id } of references) {
        expect(own.has(`${type} ${id}`) || `${type} ${id}` === 'index-pattern service-logs').toBe(true);
      }
    }
  });
});
