import type { Draft } from '../grammar.js';
import type { Known } from '../known.js';
import { type Problem, problemList } from '../problem.js';
import { fieldRules } from './field-rules.js';
import { nameRules } from './name-rules.js';
import { resourceRules } from './resource-rules.js';
import type { Rule } from './rule.js';
import { serviceRules } from './service-rules.js';
import { settingRules } from './setting-rules.js';
import { unsupported } from './unsupported.js';
import { workRules } from './work-rules.js';

const rules: readonly Rule[] = [
  serviceRules,
  nameRules,
  fieldRules,
  resourceRules,
  workRules,
  settingRules,
  unsupported,
];

/** Returns what is wrong with a manifest beyond its shape. Two names clash once, however many spellings they share. */
export function ruleProblems(draft: Draft, known?: Known): readonly Problem[] {
  const { problems, report } = problemList();
  for (const rule of rules) rule(draft, report, known);
  const pair = ({ path, other }: Problem) => JSON.stringify([path, other]);
  return problems.filter(
    (each, index) => !each.other || problems.findIndex((first) => pair(first) === pair(each)) === index,
  );
}
