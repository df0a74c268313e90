import { suggest } from '../../text/suggest.js';
import type { Draft, DraftField, DraftResource } from '../grammar.js';
import { didYouMean, type Path, type Report, shown } from '../problem.js';
import { repeatedItems } from './repeated-items.js';
import { misfit } from './value-problem.js';

type DraftAction = NonNullable<NonNullable<NonNullable<NonNullable<Draft['resources']>[string]>['actions']>[string]>;
type Fields = Readonly<Record<string, DraftField | undefined>>;

/** What an action requires and sets: the fields exist, and the values are theirs. */
export function actionRules(
  { when = {}, set = {} }: DraftAction,
  { fields = {} }: DraftResource,
  path: Path,
  report: Report,
): void {
  for (const [name, values] of Object.entries(when)) {
    const place = [...path, 'when', name];
    const field = known(name, fields, place, report);
    if (field?.type === undefined || values === undefined) continue;
    if (field.type === 'enum') enumValues(values, field, place, report);
    else
      report(place, `when asks for an enum field`, {
        on: 'key',
        found: `${name}, of type ${field.type}`,
        allowed: enumNames(fields),
      });
  }
  for (const [name, value] of Object.entries(set)) {
    const place = [...path, 'set', name];
    const field = known(name, fields, place, report);
    const why = field && value !== undefined ? misfit(value, field) : undefined;
    if (why) report(place, `this does not fit field ${name} of type ${field?.type}`, why);
  }
}

function known(name: string, fields: Fields, path: Path, report: Report): DraftField | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  const names = Object.keys(fields);
  const allowed = names.length === 0 ? 'none, for the resource has no fields' : names.join(', ');
  report(path, `there is no field ${shown(name)}`, { on: 'key', allowed, hint: didYouMean(suggest(name, names)) });
  return undefined;
}

function enumValues(values: readonly string[], { values: known }: DraftField, path: Path, report: Report): void {
  repeatedItems(values, path, report);
  if (!known) return;
  values.forEach((value, index) => {
    if (known.includes(value)) return;
    const hint = didYouMean(suggest(value, known));
    report([...path, index], `there is no value ${shown(value)}`, { allowed: known.join(', '), hint });
  });
}

function enumNames(fields: Fields): string {
  const names = Object.entries(fields).flatMap(([name, field]) => (field?.type === 'enum' ? [name] : []));
  return names.length === 0 ? 'none, for the resource has no enum field' : names.join(', ');
}
