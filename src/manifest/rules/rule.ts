import type { Draft } from '../grammar.js';
import type { Known } from '../known.js';
import type { Report } from '../problem.js';

/**
 * Checks one matter of the manifest beyond its shape and reports what is wrong. The draft has holes where the shape was
 * wrong: a rule says nothing about what is not there.
 */
export type Rule = (draft: Draft, report: Report, known: Known | undefined) => void;
