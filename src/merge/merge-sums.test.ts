import { expect, it } from 'vitest';
import { mergeSums } from './merge-sums.js';

const sums = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

it('keeps lines that people added, and takes what came and went', () => {
  const base = sums('a v1.0.0 h1:a=', 'a v1.0.0/go.mod h1:b=', 'c v1.0.0 h1:c=');
  const ours = sums('a v1.0.0 h1:a=', 'a v1.0.0/go.mod h1:b=', 'c v1.0.0 h1:c=', 'mine v1.0.0 h1:m=');
  const theirs = sums('a v1.1.0 h1:x=', 'a v1.1.0/go.mod h1:y=', 'c v1.0.0 h1:c=', 'b v1.0.0 h1:d=');
  expect(mergeSums(base, ours, theirs)).toBe(
    sums('a v1.1.0 h1:x=', 'a v1.1.0/go.mod h1:y=', 'b v1.0.0 h1:d=', 'c v1.0.0 h1:c=', 'mine v1.0.0 h1:m='),
  );
});

it('leaves the file as it is when nothing came or went', () => {
  const ours = sums('z v1.0.0 h1:z=', 'a v1.0.0 h1:a=');
  expect(mergeSums(sums('a v1.0.0 h1:a='), ours, sums('a v1.0.0 h1:a='))).toBe(ours);
});

it('does not bring back what a person tidied away', () => {
  const both = sums('a v1.0.0 h1:a=', 'b v1.0.0 h1:b=');
  expect(mergeSums(both, sums('a v1.0.0 h1:a='), both)).toBe(sums('a v1.0.0 h1:a='));
});

it('has versions in the order of their numbers, as the go command does', () => {
  const base = sums('a v1.9.0/go.mod h1:b=', 'a v1.10.0 h1:a=', 'a v1.10.0/go.mod h1:b=');
  const theirs = sums('a v1.9.0 h1:n=', 'a v1.9.0/go.mod h1:b=', 'a v1.10.0 h1:a=', 'a v1.10.0/go.mod h1:b=');
  expect(mergeSums(base, base, theirs)).toBe(theirs);
});
