import type { EnumValue } from './field-model.js';
import type { Action, ActionCase, Condition } from './resource-model.js';

/** The aggregate that a case starts from. */
interface Start {
  readonly receiver: string;
  readonly goTypeOutside: string;
}

/** One value for each condition. */
type Values = readonly (readonly [Condition, EnumValue])[];

/** Returns the starts that the tests of an action go through, and one of each kind as statements. */
export function cases(when: readonly Condition[], start: Start): Pick<Action, 'cases' | 'before' | 'refusedBefore'> {
  const [first] = when;
  const allowed = first ? first.values.map((value) => withValue(when, first, value)) : [[]];
  const refused = when.flatMap((condition) => condition.refused.map((value) => withValue(when, condition, value)));
  const before = (values: Values | undefined) => (values ?? []).map((each) => statement(each, start));
  return {
    cases: [
      ...allowed.map((values) => testCase(values, true, start)),
      ...refused.map((values) => testCase(values, false, start)),
    ],
    before: before(allowed[0]),
    refusedBefore: before(refused[0]),
  };
}

/** Every condition is met by its first value, except that one has the given value. */
function withValue(when: readonly Condition[], condition: Condition, value: EnumValue): Values {
  return when.flatMap((each) => {
    const chosen = each === condition ? value : each.values[0];
    return chosen ? [[each, chosen] as const] : [];
  });
}

function testCase(values: Values, allowed: boolean, start: Start): ActionCase {
  const name = values.map(([{ field }, { value }]) => `${field.name} ${value}`).join(', ');
  const statements = values.map((each) => statement(each, start));
  return { name: name === '' ? 'any' : name, statements, allowed };
}

function statement([{ field }, { goConstOutside }]: Values[number], { receiver }: Start): string {
  return `${receiver}.${field.goName} = ${field.pointer ? `new(${goConstOutside})` : goConstOutside}`;
}
