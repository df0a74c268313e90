import { describe, expect, test } from 'vitest';
import { diagnosticLine, UserError } from '../../errors.js';
import { parseResourceFlag } from './parse-resource-flag.js';

function problems(text: string): readonly string[] {
  try {
    parseResourceFlag(text);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.diagnostics.map(diagnosticLine);
  }
}

describe('a resource on the command line', () => {
  test('has fields with types, marks and defaults', () => {
    const text =
      'order customer_id:uuid!@index@immutable total:decimal(12,2)! status:enum(pending, paid)@output-only=pending email:string(254)?@pii@unique count:int32=5 big:int64=9007199254740993 gift:bool=false meta:json={"a":[1]} note:text="in progress"';
    expect(parseResourceFlag(text)).toEqual({
      name: 'order',
      resource: {
        store: 'mysql',
        fields: {
          customer_id: { type: 'uuid', required: true, index: true, immutable: true },
          total: { type: 'decimal', precision: 12, scale: 2, required: true },
          status: { type: 'enum', values: ['pending', 'paid'], output_only: true, default: 'pending' },
          email: { type: 'string', max: 254, pii: true, unique: true },
          count: { type: 'int32', default: 5 },
          big: { type: 'int64', default: '9007199254740993' },
          gift: { type: 'bool', default: false },
          meta: { type: 'json', default: { a: [1] } },
          note: { type: 'text', default: 'in progress' },
        },
      },
    });
  });

  test('may have a plural and no fields', () => {
    expect(parseResourceFlag('person plural=people')).toEqual({
      name: 'person',
      resource: { store: 'mysql', plural: 'people' },
    });
  });

  const example = 'allowed name:type, such as email:string(254)!';
  test.each([
    [
      '',
      [
        '--resource:1:1: the name of the resource comes first: a name is needed (allowed a name such as order or order-line)',
      ],
    ],
    [
      'Order a:bool',
      [
        '--resource:1:1: the name of the resource comes first: a name begins with a lower-case letter (found Order; allowed a name such as order or order-line)',
      ],
    ],
    ['order email', [`--resource:1:7: this is not a field (found email; ${example})`]],
    [
      'order a:strnig(5) b:int c:bool@indx',
      [
        '--resource:1:7: there is no type strnig (found a:strnig(5); allowed string, text, int32, int64, float64, decimal, bool, uuid, timestamp, date, enum, json; did you mean string?)',
        '--resource:1:19: there is no type int (found b:int; allowed string, text, int32, int64, float64, decimal, bool, uuid, timestamp, date, enum, json; did you mean int64?)',
        '--resource:1:25: this is not a mark (found @indx; allowed ! ? @index @unique @pii @immutable @output_only =default; did you mean @index?)',
      ],
    ],
    ['order a:string', ['--resource:1:7: a number is needed in the parentheses (found a:string; allowed string(254))']],
    [
      'order a:decimal(5)',
      [
        '--resource:1:7: a decimal has two numbers: digits in all and after the point (found a:decimal(5); allowed decimal(12,2))',
      ],
    ],
    ['order a:enum()', ['--resource:1:7: an enum needs its values (found a:enum(); allowed enum(pending,paid))']],
    ['order a:bool(3)', ['--resource:1:7: this type has nothing in parentheses (found a:bool(3))']],
    ['order a:bool!?', ['--resource:1:7: a field is either required (!) or optional (?) (found a:bool!?)']],
    ['order a:int32=x', ['--resource:1:7: the default is not a number (found a:int32=x)']],
    [
      'order a:json={',
      ['--resource:1:7: the default is not JSON (found a:json={; allowed JSON, such as "in progress")'],
    ],
    [
      'order a:bool a:uuid',
      [
        '--resource:1:7: field a is there twice (found a:bool)',
        '--resource:1:14: field a is there twice (found a:uuid)',
      ],
    ],
  ] as const)('%j is refused', (text, lines) => {
    expect(problems(text)).toEqual(lines);
  });
});
