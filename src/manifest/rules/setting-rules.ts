import { suggest } from '../../text/suggest.js';
import { parseDate } from '../../values/moment.js';
import type { Draft } from '../grammar.js';
import { didYouMean, type Report, shown } from '../problem.js';
import type { Rule } from './rule.js';
import { misfit } from './value-problem.js';

/** Configuration keys, their values in environments, switches, waivers. */
export const settingRules: Rule = (draft, report) => {
  configRules(draft, report);
  environmentRules(draft, report);
  switchRules(draft, report);
  draft.waivers?.forEach((waiver, index) => {
    if (waiver?.until === undefined || parseDate(waiver.until)) return;
    report(['waivers', index, 'until'], 'there is no such day', {
      found: waiver.until,
      allowed: 'a date such as 2026-12-31',
    });
  });
};

function configRules({ config = {} }: Draft, report: Report): void {
  for (const [name, key] of Object.entries(config)) {
    if (key?.default === undefined) continue;
    const path = ['config', name, 'default'];
    if (key.secret) report(path, 'a secret has no default: it would be in the repository', { on: 'key' });
    const why = misfit(key.default, { type: key.type });
    if (why) report(path, `default does not fit type ${key.type}`, why);
  }
}

function environmentRules({ environments, config = {} }: Draft, report: Report): void {
  if (environments && Object.keys(environments).length === 0) {
    report(['environments'], 'there is no environment', {
      on: 'key',
      hint: 'leave the key out for dev, staging and prod',
    });
  }
  const keys = Object.keys(config);
  for (const [environment, { config: values = {} } = {}] of Object.entries(environments ?? {})) {
    for (const [name, value] of Object.entries(values)) {
      const path = ['environments', environment, 'config', name];
      const key = Object.hasOwn(config, name) ? config[name] : undefined;
      if (!keys.includes(name)) {
        const allowed = keys.length === 0 ? 'none, for config declares no key' : keys.join(', ');
        report(path, `there is no configuration key ${shown(name)}`, {
          on: 'key',
          allowed,
          hint: didYouMean(suggest(name, keys)),
        });
      } else if (key?.secret)
        report(path, `${name} is a secret: its value does not belong in the repository`, { on: 'key' });
      const why = value === undefined ? undefined : misfit(value, { type: key?.type });
      if (why) report(path, `the value does not fit ${name} of type ${key?.type}`, why);
    }
  }
}

function switchRules({ auth, tls }: Draft, report: Report): void {
  for (const [name, value] of [
    ['auth', auth],
    ['tls', tls],
  ] as const) {
    if (value?.mode === 'none' && value.reason === undefined) {
      report([name], `${name} with mode none needs a reason`, { on: 'key', allowed: 'reason: why it is off' });
    }
    if (value?.reason !== undefined && value.mode === undefined) {
      report([name, 'reason'], `reason belongs to mode: none`, { on: 'key' });
    }
  }
  if (auth?.mode === 'none' && auth.audience !== undefined) {
    report(['auth', 'audience'], 'auth with mode none has no audience', { on: 'key' });
  }
}
