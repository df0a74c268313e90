import { describe, expect, it } from 'vitest';
import { compareVersions } from '../text/compare-versions.js';
import { mergeGoMod } from './merge-go-mod.js';

/** A go.mod with these requirements; `~` before a module marks an indirect one. */
function goMod(direct: readonly string[], indirect: readonly string[] = [], go = '1.26.0', more = ''): string {
  const block = (lines: readonly string[], mark: string) =>
    lines.length === 0 ? '' : `\nrequire (\n${lines.map((line) => `\texample.com/${line}${mark}\n`).join('')})\n`;
  return `module example.com/orders\n\ngo ${go}\n${block(direct, '')}${block(indirect, ' // indirect')}${more}`;
}

describe('go.mod is merged by meaning:', () => {
  it.each([
    ['a version that the templates raised rises', ['a v1.0.0'], ['a v1.0.0'], ['a v1.1.0'], ['a v1.1.0']],
    ['a version that a person raised higher stays', ['a v1.0.0'], ['a v1.2.0'], ['a v1.1.0'], ['a v1.2.0']],
    ['a version that a person raised less rises', ['a v1.0.0'], ['a v1.0.1'], ['a v1.1.0'], ['a v1.1.0']],
    [
      'a version that a person lowered stays while nothing changes it',
      ['a v1.1.0'],
      ['a v1.0.0'],
      ['a v1.1.0'],
      ['a v1.0.0'],
    ],
    ['a release counts as higher than its candidates', ['a v1.0.0'], ['a v1.1.0'], ['a v1.1.0-rc.2'], ['a v1.1.0']],
    ['two digits are more than one', ['a v1.9.0'], ['a v1.9.0'], ['a v1.10.0'], ['a v1.10.0']],
    [
      'a new requirement comes in order',
      ['a v1.0.0', 'c v1.0.0'],
      ['a v1.0.0', 'c v1.0.0'],
      ['a v1.0.0', 'b v1.0.0', 'c v1.0.0'],
      ['a v1.0.0', 'b v1.0.0', 'c v1.0.0'],
    ],
    ['a new first one comes first', ['b v1.0.0'], ['b v1.0.0'], ['a v1.0.0', 'b v1.0.0'], ['a v1.0.0', 'b v1.0.0']],
    [
      'one that nothing needs any more goes',
      ['a v1.0.0', 'b v1.0.0'],
      ['a v1.0.0', 'b v1.0.0'],
      ['a v1.0.0'],
      ['a v1.0.0'],
    ],
    [
      'one that a person raised stays also then',
      ['a v1.0.0', 'b v1.0.0'],
      ['a v1.0.0', 'b v1.1.0'],
      ['a v1.0.0'],
      ['a v1.0.0', 'b v1.1.0'],
    ],
    [
      'one that a person added stays',
      ['a v1.0.0'],
      ['a v1.0.0', 'mine v1.0.0'],
      ['a v1.1.0'],
      ['a v1.1.0', 'mine v1.0.0'],
    ],
    ['one that both added is the higher', [], ['a v1.0.0'], ['a v1.1.0'], ['a v1.1.0']],
    [
      'one that a person removed stays away',
      ['a v1.0.0', 'b v1.0.0'],
      ['a v1.0.0'],
      ['a v1.0.0', 'b v1.1.0'],
      ['a v1.0.0'],
    ],
  ])('%s', (_, base, ours, theirs, wanted) => {
    expect(mergeGoMod(goMod(base), goMod(ours), goMod(theirs))).toBe(goMod(wanted));
  });

  it('keeps what it does not know, and the higher go line', () => {
    const more = '\nreplace example.com/a => ../a\n\ntool example.com/t\n';
    expect(mergeGoMod(goMod(['a v1.0.0']), goMod(['a v1.0.0'], [], '1.27.0', more), goMod(['a v1.1.0']))).toBe(
      goMod(['a v1.1.0'], [], '1.27.0', more),
    );
  });

  it('adds a block for the first requirement of a kind, and drops an empty one', () => {
    expect(mergeGoMod(goMod(['a v1.0.0']), goMod(['a v1.0.0']), goMod(['a v1.0.0'], ['b v1.0.0']))).toBe(
      goMod(['a v1.0.0'], ['b v1.0.0']),
    );
    expect(mergeGoMod(goMod(['a v1.0.0'], ['b v1.0.0']), goMod(['a v1.0.0'], ['b v1.0.0']), goMod(['a v1.0.0']))).toBe(
      goMod(['a v1.0.0']),
    );
  });

  it('says indirect where that changed', () => {
    const [plain, marked] = [goMod(['a v1.0.0', 'b v1.0.0']), goMod(['a v1.0.0'], ['b v1.0.0'])];
    expect(mergeGoMod(marked, marked, plain)).toContain('\texample.com/b v1.0.0\n');
  });

  it('keeps what a person said of a module', () => {
    const [plain, marked] = [goMod(['a v1.0.0', 'b v1.0.0']), goMod(['a v1.0.0'], ['b v1.0.0'])];
    const pinned = marked.replace('// indirect', '// indirect; pinned');
    expect(mergeGoMod(marked, pinned, plain)).toContain('\texample.com/b v1.0.0 // pinned\n');
    const said = plain.replace('b v1.0.0', 'b v1.0.0 // mine needs it');
    expect(mergeGoMod(plain, said, goMod(['a v1.0.0']))).toBe(said);
    expect(mergeGoMod(plain, said, marked)).toContain('\texample.com/b v1.0.0 // indirect; mine needs it\n');
  });
});

it.each([
  ['v1.0.0', 'v1.0.1'],
  ['v0.0.0-20240101000000-abcdef', 'v0.0.0-20250101000000-012345'],
  ['v1.0.0-rc.1', 'v1.0.0'],
  ['v1.0.0-rc.9', 'v1.0.0-rc.10'],
  ['1.26', '1.26.1'],
])('version %s is below %s', (low, high) => {
  expect(compareVersions(low, high)).toBeLessThan(0);
  expect(compareVersions(high, low)).toBeGreaterThan(0);
  expect(compareVersions(low, low)).toBe(0);
});
