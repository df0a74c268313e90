import type { Draft } from '../grammar.js';
import type { Known } from '../known.js';
import { type Problem, problemList } from '../problem.js';

/** Checks one part of the manifest beyond its shape. The draft may have holes where the shape was wrong. */
export function ruleProblems(_draft: Draft, _known?: Known): readonly Problem[] {
  const { problems } = problemList();
  return problems;
}
