import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const yours = '# a person was here';
const theirs = '# the template was here';

/**
 * The rows of the table. Each has a name and `judge(project, cases, result)`, which looks at what is on disk after the
 * update and returns what is wrong, one text each; none when all is right. `result` is the update's exit code and words.
 */
export const rows = [
  {
    name: '7 edits of files that did not change',
    judge: (at, { userOnly }) => userOnly.flatMap((file) => wants(at, file, yours)),
  },
  {
    name: '13 changes of files that nobody edited',
    judge: (at, { templateOnly }) => templateOnly.flatMap((file) => wants(at, file, theirs)),
  },
  {
    name: '5 files with both, in different places',
    judge: (at, { otherHunk }) =>
      otherHunk.flatMap((file) => [...wants(at, file, yours), ...wants(at, file, theirs), ...wantsNoMarkers(at, file)]),
  },
  {
    name: '2 files with both in one place: shown, with the base',
    judge: (at, { conflict }) => conflict.flatMap((file) => shown(at, file)),
  },
  {
    name: 'renamed by the template, edited',
    judge: (at, { renamedEdited: { from, to } }) => [
      ...wants(at, to, yours),
      ...(exists(at, from) ? [`${short(from)} is still there`] : []),
    ],
  },
  {
    name: 'renamed by the template',
    judge: (at, { renamed: { from, to } }) => [...wantsFile(at, to), ...wantsNone(at, from)],
  },
  {
    name: 'deleted by the template, edited: kept and told',
    judge: (at, { deletedEdited }, { words }) => [
      ...wants(at, deletedEdited, yours),
      ...(words.includes(path.basename(deletedEdited)) ? [] : ['nothing is said of it']),
    ],
  },
  { name: 'deleted by the template', judge: (at, { deleted }) => wantsNone(at, deleted) },
  { name: 'deleted by a person', judge: (at, { userDeleted }) => wantsNone(at, userDeleted) },
  {
    name: 'deleted by a person, changed by the template',
    judge: (at, { userDeletedChanged }) => wantsNone(at, userDeletedChanged),
  },
  {
    name: 'moved by a person, changed by the template',
    judge: (at, { userRenamed: { from, to } }) => [...wants(at, to, theirs), ...wantsNone(at, from)],
  },
  { name: 'added by both', judge: (at, { collision }) => wantsBoth(at, collision) },
  {
    name: 'in .gitignore, edited',
    judge: (at, { ignored }) => [...wants(at, ignored, yours), ...wants(at, ignored, theirs)],
  },
  {
    name: 'a changed mode, a new program',
    judge: (at, { mode, addedProgram }) =>
      [mode, addedProgram].flatMap((file) => (isProgram(at, file) ? [] : [`${short(file)} is no program`])),
  },
  { name: 'exit code with conflicts', judge: (_, __, { code }) => (code === 0 ? ['0'] : []) },
];

function wants(at, file, text) {
  const there = read(at, file);
  if (there === undefined) return [`${short(file)} is gone`];
  return there.includes(text) ? [] : [`${short(file)} lacks “${text.slice(2)}”`];
}

function shown(at, file) {
  const text = read(at, file) ?? '';
  const problems = [...wants(at, file, yours), ...wants(at, file, theirs)];
  if (!/^<{7} /m.test(text)) return [...problems, 'no markers'];
  return /^\|{7} /m.test(text) ? problems : [...problems, 'no base'];
}

function wantsBoth(at, file) {
  const text = read(at, file) ?? '';
  return ['added by a person', 'added by the template']
    .filter((line) => !text.includes(line))
    .map((line) => `lacks “${line}”`);
}

function wantsNoMarkers(at, file) {
  return /^<{7} /m.test(read(at, file) ?? '') ? [`${short(file)} has markers`] : [];
}

function wantsFile(at, file) {
  return exists(at, file) ? [] : [`${short(file)} is not there`];
}

function wantsNone(at, file) {
  return exists(at, file) ? [`${short(file)} is there`] : [];
}

function isProgram(at, file) {
  return exists(at, file) && (statSync(path.join(at, file)).mode & 0o111) !== 0;
}

function exists(at, file) {
  return existsSync(path.join(at, file));
}

function read(at, file) {
  return exists(at, file) ? readFileSync(path.join(at, file), 'utf8') : undefined;
}

function short(file) {
  return path.basename(file);
}
