import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { git } from '../git.mjs';
import { root } from '../setup.mjs';
import { nameToken } from './versions.mjs';

/** The Python packages, from PyPI. */
const packages = ['copier==9.19.1', 'cookiecutter==2.7.1', 'cruft==2.16.0'];

/**
 * The engines. Each has `publish(directory, v1, v2)`, which writes the template in both versions in the engine's own form;
 * `create(directory, project)`, which makes a project from the first; and `update(directory)`, the command line that
 * brings the project in its working directory to the second.
 */
export const engines = {
  'create-service': {
    publish: publishCatalogs,
    create: createOwn,
    update: (at) => [process.execPath, tool(at, 'v2'), 'update'],
  },
  Copier: {
    publish: publishCopier,
    create: (at, project) =>
      python(path.dirname(at), 'copier', ['copy', '-q', '--defaults', '--vcs-ref', 'v1', at, project]),
    update: (at) => [program(path.dirname(at), 'copier'), 'update', '-q', '--defaults', '--vcs-ref', 'v2'],
  },
  cruft: {
    publish: publishCookiecutter,
    create: (at, project) =>
      python(path.dirname(at), 'cruft', [
        'create',
        at,
        '--checkout',
        'v1',
        '--no-input',
        '--output-dir',
        path.dirname(project),
      ]),
    update: (at) => [program(path.dirname(at), 'cruft'), 'update', '-y', '--checkout', 'v2'],
  },
};

/** Installs the Python engines below a directory, once. */
export function installPython(directory) {
  const environment = path.join(directory, 'python');
  const pip = path.join(environment, 'bin/pip');
  if (!existsSync(pip)) execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' });
  execFileSync(pip, ['install', '--quiet', '--disable-pip-version-check', ...packages], { stdio: ['ignore', 2, 2] });
}

/** Our own templates: a catalog of one component whose files are all managed, built into a tool for each version. */
function publishCatalogs(directory, v1, v2) {
  for (const [name, version] of Object.entries({ v1, v2 })) {
    const templates = path.join(directory, name, 'templates');
    const programs = [...version].filter(([, { executable }]) => executable).map(([file]) => file);
    const rules = programs.map((file) => `  "${file}": { class: managed, executable: true }\n`).join('');
    mkdirSync(path.join(templates, 'components'), { recursive: true });
    mkdirSync(path.join(templates, 'devstack'), { recursive: true });
    write(
      path.join(templates, 'service'),
      new Map([
        ['component.yaml', { text: `name: service\ntitle: s\nsummary: s\nownership:\n${rules}  "**": managed\n` }],
      ]),
    );
    write(path.join(templates, 'service/files'), version, '{{name}}', '.hbs');
    const at = (...parts) => path.join(directory, name, ...parts);
    execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), at('dist'), templates]);
    cpSync(path.join(root, 'bin'), at('bin'), { recursive: true });
    cpSync(path.join(root, 'package.json'), at('package.json'));
  }
}

function createOwn(directory, project) {
  const manifest = 'apiVersion: create-service/v1\nname: orders\nmodule: github.com/acme/orders\nowner: me\n';
  const args = ['new', project, '--manifest', '-', '--yes', '--no-git'];
  execFileSync(process.execPath, [tool(directory, 'v1'), ...args], { input: manifest });
}

function tool(directory, version) {
  return path.join(directory, version, 'bin/create-service.js');
}

function publishCopier(directory, v1, v2) {
  const answers = { text: '# Changes here are overwritten.\n{{ _copier_answers|to_nice_yaml -}}\n' };
  const settings = '_subdirectory: template\n_templates_suffix: ""\nname: { type: str, default: orders }\n';
  tagged(directory, v1, v2, (version) => {
    write(directory, new Map([['copier.yml', { text: settings }]]));
    write(path.join(directory, 'template'), version, '{{ name }}');
    write(path.join(directory, 'template'), new Map([['{{ _copier_conf.answers_file }}', answers]]));
  });
}

function publishCookiecutter(directory, v1, v2) {
  tagged(directory, v1, v2, (version) => {
    write(directory, new Map([['cookiecutter.json', { text: '{ "name": "orders" }\n' }]]));
    write(path.join(directory, '{{ cookiecutter.name }}'), version, '{{ cookiecutter.name }}');
  });
}

/** A git repository with a tag for each version. */
function tagged(directory, v1, v2, writeVersion) {
  mkdirSync(directory, { recursive: true });
  git(directory, 'init', '-q', '-b', 'main');
  for (const [name, version] of Object.entries({ v1, v2 })) {
    git(directory, 'rm', '-rqf', '--ignore-unmatch', '.');
    writeVersion(version);
    git(directory, 'add', '-Af');
    git(directory, 'commit', '-q', '-m', name);
    git(directory, 'tag', name);
  }
}

function write(directory, files, variable = '', suffix = '') {
  for (const [name, { text, executable = false }] of files) {
    const file = path.join(directory, name + suffix);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text.replaceAll(nameToken, variable));
    if (executable && suffix === '') chmodSync(file, 0o755);
  }
}

function program(directory, name) {
  return path.join(directory, 'python/bin', name);
}

function python(directory, name, args) {
  execFileSync(program(directory, name), args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
