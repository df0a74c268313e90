import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dashboard } from './dashboard.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: object;
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
  readonly fieldConfig: { readonly defaults: { readonly thresholds: { readonly steps: object } } };
}

/** The heading and the rows as lines of JSON. */
function written(text: string): string {
  const { rows, ...heading } = parse(text) as { rows: readonly unknown[] };
  return [heading, ...rows].map((each) => JSON.stringify(each)).join('\n');
}

function panelsOf(rows: string): readonly Panel[] {
  return (JSON.parse(dashboard(written(`uid: u\ntitle: t\nrows:\n${rows}`))) as { panels: Panel[] }).panels;
}

const row = (title: string, count: number) =>
  `  - title: ${title}\n    panels:\n${Array.from(
    { length: count },
    (_, index) =>
      `      - { title: p${index}, description: d, unit: s, queries: [{ legend: l, expr: 'up{$of}' }, { legend: m, expr: 'x{a="b", $of}' }] }\n`,
  ).join('')}`;

describe('a dashboard', () => {
  it.each([
    [1, ['0,1,24']],
    [2, ['0,1,12', '12,1,12']],
    [3, ['0,1,8', '8,1,8', '16,1,8']],
    [4, ['0,1,6', '6,1,6', '12,1,6', '18,1,6']],
    [5, ['0,1,8', '8,1,8', '16,1,8', '0,9,12', '12,9,12']],
    [6, ['0,1,8', '8,1,8', '16,1,8', '0,9,8', '8,9,8', '16,9,8']],
  ])('fills the width with %i panels', (count, places) => {
    const [head, ...panels] = panelsOf(row('r', count));
    expect(head).toMatchObject({ id: 1, type: 'row', gridPos: { x: 0, y: 0, w: 24, h: 1 } });
    const at = panels.map(({ gridPos }) => gridPos as { x: number; y: number; w: number });
    expect(at.map(({ x, y, w }) => `${x},${y},${w}`)).toEqual(places);
  });

  it('sets rows below one another and counts on', () => {
    const panels = panelsOf(row('a', 5) + row('b', 1));
    expect(panels.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(panels.at(-2)).toMatchObject({ title: 'b', gridPos: { y: 17 } });
    expect(panels.at(-1)).toMatchObject({ gridPos: { y: 18, h: 8 } });
  });

  it('asks for the chosen service and namespaces', () => {
    expect(panelsOf(row('a', 1)).at(-1)?.targets).toMatchObject([
      { refId: 'A', expr: 'up{job="$service", namespace=~"$namespace"}' },
      { refId: 'B', expr: 'x{a="b", job="$service", namespace=~"$namespace"}' },
    ]);
  });

  it.each([
    ['warn: 1, bad: 2', ['green', 'orange 1', 'red 2']],
    ['warn: 2, bad: 1', ['red', 'orange 1', 'green 2']],
    ['bad: 1', ['green', 'red 1']],
    ['min: 0', ['green']],
  ])('colours %s', (settings, colours) => {
    const text = `  - title: r\n    panels:\n      - { title: p, description: d, unit: s, ${settings}, queries: [{ legend: l, expr: up }] }\n`;
    const steps = panelsOf(text).at(-1)?.fieldConfig.defaults.thresholds.steps as { color: string; value: number }[];
    expect(steps.map(({ color, value }) => (value === null ? color : `${color} ${value}`))).toEqual(colours);
  });

  it('begins with the service that it is for, or with none', () => {
    const current = (text: string) =>
      (
        JSON.parse(dashboard(written(text))) as { templating: { list: { name: string; current: object }[] } }
      ).templating.list.find(({ name }) => name === 'service')?.current;
    expect(current('uid: u\ntitle: t\nrows: []\nservice: orders')).toMatchObject({ value: 'orders' });
    expect(current('uid: u\ntitle: t\nrows: []')).toEqual({});
  });
});
