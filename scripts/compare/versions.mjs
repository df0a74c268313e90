import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';

/** Stands for the service's name in the texts; each engine writes its own variable there. */
export const nameToken = '@@NAME@@';

/** How many files the first version has. */
const count = 80;

/**
 * Returns two versions of a template, path → { text, executable }, and what a person did to the first one meanwhile. The
 * texts are those of the orders example, without what engines would take for their own syntax.
 */
export function versions() {
  const files = texts();
  const path = (index) => files[index].path;
  const v1 = new Map(files.map((file) => [file.path, { text: file.text, executable: false }]));
  v1.set('.gitignore', { text: 'local/\n', executable: false });
  v1.set('local/settings.txt', { text: files[34].text, executable: false });
  const cases = {
    userOnly: range(0, 7).map(path),
    templateOnly: range(7, 20).map(path),
    otherHunk: range(20, 25).map(path),
    conflict: range(25, 27).map(path),
    renamedEdited: { from: path(27), to: `moved/${path(27)}` },
    renamed: { from: path(28), to: `moved/${path(28)}` },
    deletedEdited: path(29),
    deleted: path(30),
    userDeleted: path(31),
    userDeletedChanged: path(32),
    userRenamed: { from: path(33), to: `mine/${path(33)}` },
    ignored: 'local/settings.txt',
    mode: path(35),
    added: 'added/a.txt',
    addedProgram: 'added/run.sh',
    collision: 'added/own.txt',
  };
  const v2 = new Map(v1);
  const { templateOnly, otherHunk, userDeletedChanged, userRenamed, ignored } = cases;
  for (const file of [...templateOnly, ...otherHunk, userDeletedChanged, userRenamed.from, ignored])
    v2.set(file, { text: atEnd(v1.get(file).text, 'the template'), executable: false });
  for (const file of cases.conflict)
    v2.set(file, { text: inMiddle(v1.get(file).text, 'the template'), executable: false });
  for (const { from, to } of [cases.renamedEdited, cases.renamed]) {
    v2.set(to, v1.get(from));
    v2.delete(from);
  }
  v2.delete(cases.deletedEdited);
  v2.delete(cases.deleted);
  v2.set(cases.mode, { ...v1.get(cases.mode), executable: true });
  v2.set(cases.added, { text: 'added by the template\n', executable: false });
  v2.set(cases.addedProgram, { text: '#!/bin/sh\necho added by the template\n', executable: true });
  v2.set(cases.collision, { text: 'added by the template\n', executable: false });
  return { v1, v2, cases };
}

/** Returns the text with a line of somebody's behind its last one. */
export function atEnd(text, who) {
  return `${text}# ${who} was here\n`;
}

/** Returns the text with a line of somebody's in the place of its middle one. */
export function inMiddle(text, who) {
  const lines = text.split('\n');
  lines[Math.floor(lines.length / 2)] = `# ${who} was here`;
  return lines.join('\n');
}

/** Returns the text with a line of somebody's in the place of its second one. */
export function atBeginning(text, who) {
  const lines = text.split('\n');
  lines[1] = `# ${who} was here`;
  return lines.join('\n');
}

function texts() {
  const directory = path.join(root, 'examples/orders');
  const found = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(go|ya?ml|md|sql|sh)$|^(Makefile|Dockerfile)$/.test(entry.name))
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter(
      (file) => !/^\.|^(edits|devstack|internal\/platform)\/|_gen\.go$|\.pb\.go$|^service\.yaml$|orders/.test(file),
    )
    .sort()
    // Whoever sees Go looks for its modules.
    .map((file) => ({
      path: file.replace(/\.go$/, '.go.txt'),
      text: plain(readFileSync(path.join(directory, file), 'utf8')),
    }))
    .filter(({ text }) => text.split('\n').length >= 20);
  if (found.length < count) throw new Error(`only ${found.length} files of the example can be used`);
  return found.slice(0, count);
}

/** Takes out what Handlebars or Jinja would read, and puts the name's token in. */
function plain(text) {
  return text.replaceAll(/[{}]{2,}|\{[%#]|[%#]\}/g, '<>').replaceAll(/(?<![\w{\\-])orders(?![\w}-])/g, nameToken);
}

function range(from, to) {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
