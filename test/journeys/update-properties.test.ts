import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markerLine } from '../../src/merge/lines.js';
import { type Updated, type Version, type Written, writtenBy } from '../support/template-versions.js';

/** A few hundred cases in every run; `PROPERTY_RUNS=5000` for a release. */
const numRuns = Number(process.env.PROPERTY_RUNS ?? 300);

type Lines = readonly string[];

/** What the templates do to a file from one version to the next. */
type Step =
  | { readonly kind: 'replace'; readonly at: number; readonly remove: number; readonly add: number }
  | { readonly kind: 'delete' | 'rename' | 'executable' };

/** What a person does to a file. */
type Edit =
  | { readonly kind: 'replace'; readonly at: number; readonly remove: number; readonly add: number }
  | { readonly kind: 'move'; readonly at: number; readonly to: number }
  | { readonly kind: 'delete' | 'rename' | 'crlf' | 'executable' | 'empty' | 'no newline' };

/** One file: its first text, what the templates and the person do. */
interface Story {
  readonly lines: Lines;
  readonly steps: readonly Step[];
  readonly edits: readonly Edit[];
}

const place = fc.nat({ max: 20 });
const replace = fc.record({
  kind: fc.constant('replace' as const),
  at: place,
  remove: fc.nat({ max: 3 }),
  add: fc.nat({ max: 3 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: replace },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'rename' as const, 'executable' as const) }),
  },
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: replace },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), at: place, to: place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'delete' as const,
        'rename' as const,
        'crlf' as const,
        'executable' as const,
        'empty' as const,
        'no newline' as const,
      ),
    }),
  },
);
// A third of the lines are equal, as braces and blank lines are in code.
const line = fc.oneof(
  fc.constant('}'),
  fc.nat({ max: 30 }).map((n) => `line ${n}`),
  fc.nat({ max: 9 }).map((n) => `\tcase ${n}:`),
);
const story: fc.Arbitrary<Story> = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 20 }),
  steps: fc.array(step, { maxLength: 3 }),
  edits: fc.array(edit, { maxLength: 4 }),
});

const paths = ['Makefile', 'build/Dockerfile', 'own/domain', 'wire.gen', 'deep/in/here'];
const stories = fc.array(story, { minLength: 1, maxLength: paths.length });

/** A service of the first version, edited, with the second version. */
interface World {
  readonly service: Written;
  readonly first: Version;
  readonly second: Version;
  /** Lines that only the person wrote, with their file. */
  readonly mine: readonly string[];
  readonly untouched: readonly string[];
}

function world(all: readonly Story[]): World {
  const files = all.map((one, index) => ({ ...one, path: paths[index] ?? '' }));
  const first = Object.fromEntries(files.map(({ path, lines }) => [path, textOf(lines)]));
  const second = Object.fromEntries(files.flatMap(({ path, lines, steps }) => nextVersion(path, lines, steps)));
  const service = writtenBy(first);
  const mine: string[] = [];
  for (const { path, lines, edits } of files) mine.push(...editFile(service, path, lines, edits));
  const untouched = files.filter(({ edits }) => edits.length === 0).map(({ path }) => path);
  return { service, first, second, mine, untouched };
}

function nextVersion(path: string, lines: Lines, steps: readonly Step[]): readonly (readonly [string, string])[] {
  let found: Lines = lines;
  let name = path;
  for (const [number, one] of steps.entries()) {
    if (one.kind === 'delete') return [];
    if (one.kind === 'rename') name = path.replace(/[^/]+$/, 'renamed');
    if (one.kind === 'executable' && !/^own|gen$/.test(name)) name = `${name.replace(/!$/, '')}!`;
    if (one.kind === 'replace') found = spliced(found, one, `theirs ${path} ${number}`);
  }
  return [[name, textOf(found)]];
}

function editFile(service: Written, path: string, lines: Lines, edits: readonly Edit[]): readonly string[] {
  let found: Lines = lines;
  let [text, name] = [textOf(lines), path];
  for (const [number, one] of edits.entries()) {
    if (one.kind === 'delete') {
      service.files.remove(`/srv/${name}`);
      return [];
    }
    if (one.kind === 'rename') {
      const to = `${path}.moved`;
      if (name !== to) service.files.rename(`/srv/${name}`, `/srv/${to}`);
      name = to;
    } else if (one.kind === 'executable') service.files.changeMode(`/srv/${name}`, 0o755);
    else {
      if (one.kind === 'replace') found = spliced(found, one, `mine ${path} ${number}`);
      if (one.kind === 'move') found = moved(found, one);
      if (one.kind === 'empty') found = [];
      text = one.kind === 'crlf' ? text.replace(/\r?\n/g, '\r\n') : textOf(found);
      if (one.kind === 'no newline') text = text.replace(/\r?\n$/, '');
      service.write(name, text);
    }
  }
  return text.split(/\r?\n/).filter((each) => each.startsWith('mine '));
}

function spliced(lines: Lines, { at, remove, add }: Step & Edit & { kind: 'replace' }, text: string): Lines {
  const added = Array.from({ length: add }, (_, index) => `${text} ${index}`);
  return lines.toSpliced(Math.min(at, lines.length), remove, ...added);
}

function moved(lines: Lines, { at, to }: { readonly at: number; readonly to: number }): Lines {
  if (lines.length === 0) return lines;
  const from = at % lines.length;
  return lines.toSpliced(from, 1).toSpliced(to % lines.length, 0, lines[from] ?? '');
}

function textOf(lines: Lines): string {
  // Templates that are only white space make no file.
  return `head\n${lines.map((each) => `${each}\n`).join('')}`;
}

/** Every line of the service's own files. */
function linesIn(service: Written): ReadonlySet<string> {
  const texts = service.snapshot().filter((entry) => !/^\d+ \.create-service/.test(entry));
  return new Set(texts.flatMap((entry) => entry.replace(/^\d+ \S+ ?/, '').split(/\r?\n/)));
}

const check = (property: fc.IAsyncProperty<unknown>) => fc.assert(property, { numRuns });
const timeout = 600_000;

it('no line that a person wrote is ever missing', { timeout }, async () => {
  await check(
    fc.asyncProperty(stories, async (all) => {
      const { service, second, mine } = world(all);
      await service.update(second);
      const there = linesIn(service);
      expect(mine.filter((each) => !there.has(each))).toEqual([]);
    }),
  );
});

it('what nobody edited is as the templates have it, and people’s own files as they were', { timeout }, async () => {
  await check(
    fc.asyncProperty(stories, async (all) => {
      const { service, first, second, untouched } = world(all);
      const { verdicts } = await service.update(second);
      for (const path of untouched) {
        const wanted = path.startsWith('own/') ? first[path] : (second[path] ?? second[`${path}!`]);
        // A file that the person moved may have taken over a path that became free.
        if (verdicts[path] === 'renamed') continue;
        expect({ path, text: service.read(path) }).toEqual({ path, text: wanted ?? '(absent)' });
      }
    }),
  );
});

it('twice is once, and a conflict stays open until its markers are gone', { timeout }, async () => {
  await check(
    fc.asyncProperty(stories, async (all) => {
      const { service, second } = world(all);
      const { facts } = await service.update(second);
      const once = service.snapshot();
      const shown = (facts.conflicts ?? []).some((path) => markerLine(service.read(path)) > 0);
      const again = await service.update(second).catch((error: { readonly exitCode?: number }) => error.exitCode);
      if (shown) expect(again).toBe(1);
      else expect((again as Updated).plan.operations.filter(({ after }) => after)).toEqual([]);
      expect(service.snapshot()).toEqual(once);
    }),
  );
});

it('what a plan says is what is done, and markers are only where it says so', { timeout }, async () => {
  await check(
    fc.asyncProperty(stories, async (all) => {
      const { service, second } = world(all);
      const before = new Set(service.snapshot());
      const { plan, facts } = await service.update(second);
      const open = new Set(facts.conflicts);
      for (const { path, from, after, verdict } of plan.operations) {
        if (after) expect(service.read(path)).toBe(after.body);
        if (verdict === 'removed' || from !== undefined) expect(service.read(from ?? path)).toBe('(absent)');
      }
      const named = plan.operations.flatMap(({ path, from, after, verdict }) =>
        after || verdict === 'removed' ? [path, from] : [],
      );
      const changed = service.snapshot().filter((entry) => !before.has(entry) && !/ \.create-service\//.test(entry));
      const files = changed.filter((entry) => !/^\d+ \S+\/$/.test(entry)).map((entry) => entry.split(/[ \n]/)[1]);
      expect(files.filter((path) => !named.includes(path))).toEqual([]);
      const marked = plan.operations.filter(({ after }) => after && markerLine(after.body) > 0).map(({ path }) => path);
      expect(marked.filter((path) => !open.has(path))).toEqual([]);
    }),
  );
});
