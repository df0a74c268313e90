import { expect, it } from 'vitest';
import { markerLine } from './lines.js';

it.each([
  ['a\n<<<<<<< yours\nb\n=======\nc\n>>>>>>> this render\n', 2],
  ['a\nb\n||||||| last render\n=======\nc\n', 3],
  ['a\n=======\nc\n>>>>>>> this render\n', 4],
  ['a title\n=======\n', 0],
  ['a <<<<<<< b\n', 0],
])('the first marker of %j is on line %i', (text, line) => {
  expect(markerLine(text)).toBe(line);
});
