import { type Assertion, type CharacterClass, type Expression, inClass } from './node.js';

/** One step of a compiled expression: read a character of a class, check a place, go on at several steps, or done. */
type Step =
  | { readonly kind: 'read'; readonly set: CharacterClass; readonly next: number }
  | { readonly kind: 'check'; readonly at: Assertion['at']; readonly next: number }
  | { readonly kind: 'split'; readonly next: number[] }
  | { readonly kind: 'done' };

/**
 * Returns a function that reports whether the expression matches somewhere in a text. Like RE2 it follows all ways at
 * once, so that no expression takes exponential time.
 */
export function matcher(expression: Expression): (text: string) => boolean {
  const steps: Step[] = [{ kind: 'done' }];
  const start = compile(expression, 0, steps);
  return (text) =>
    run(
      steps,
      start,
      [...text].map((character) => character.codePointAt(0) ?? 0),
    );
}

/** Adds the steps of the expression, which go on at `next`; returns where they begin. */
function compile(expression: Expression, next: number, steps: Step[]): number {
  switch (expression.kind) {
    case 'class':
      return steps.push({ kind: 'read', set: expression, next }) - 1;
    case 'assertion':
      return steps.push({ kind: 'check', at: expression.at, next }) - 1;
    case 'sequence':
      return expression.parts.reduceRight((after, part) => compile(part, after, steps), next);
    case 'choice':
      return steps.push({ kind: 'split', next: expression.branches.map((branch) => compile(branch, next, steps)) }) - 1;
    case 'repeat':
      return compileRepeat(expression, next, steps);
  }
}

function compileRepeat({ body, least, most }: Expression & { kind: 'repeat' }, next: number, steps: Step[]): number {
  let start = next;
  if (most === Number.POSITIVE_INFINITY) {
    const split: Step = { kind: 'split', next: [next] };
    start = steps.push(split) - 1;
    split.next.push(compile(body, start, steps));
  } else {
    for (let n = least; n < most; n++)
      start = steps.push({ kind: 'split', next: [next, compile(body, start, steps)] }) - 1;
  }
  for (let n = 0; n < least; n++) start = compile(body, start, steps);
  return start;
}

function run(steps: readonly Step[], start: number, text: readonly number[]): boolean {
  let reached = new Set<number>();
  for (let position = 0; position <= text.length; position++) {
    const now = follow(steps, [...reached, start], text, position);
    if (now.has(0)) return true;
    reached = new Set();
    const point = text[position];
    for (const index of now) {
      const step = steps[index];
      if (point !== undefined && step?.kind === 'read' && inClass(step.set, point)) reached.add(step.next);
    }
  }
  return false;
}

/** Returns every step that can be reached without reading a character. */
function follow(
  steps: readonly Step[],
  from: readonly number[],
  text: readonly number[],
  position: number,
): Set<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const step = steps[index];
    if (step?.kind === 'split') open.push(...step.next);
    if (step?.kind === 'check' && holds(step.at, text, position)) open.push(step.next);
  }
  return seen;
}

function holds(at: Assertion['at'], text: readonly number[], position: number): boolean {
  const [before, after] = [text[position - 1], text[position]];
  switch (at) {
    case 'start':
      return before === undefined;
    case 'end':
      return after === undefined;
    case 'line-start':
      return before === undefined || before === 10;
    case 'line-end':
      return after === undefined || after === 10;
    case 'word':
      return isWord(before) !== isWord(after);
    case 'not-word':
      return isWord(before) === isWord(after);
  }
}

function isWord(point: number | undefined): boolean {
  return point !== undefined && /^\w$/.test(String.fromCodePoint(point));
}
