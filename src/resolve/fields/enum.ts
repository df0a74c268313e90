import { goString, json, sqlString, yamlString } from '../../text/quote.js';
import { exampleCount, type FieldKind, type FieldSpec, type Written } from './kind.js';

/** `enum`: a named string type. */
export const enumeration: FieldKind = {
  goType: ({ enumType }) => enumType,
  goTypeOutside: ({ enumType, goPackage }) => `${goPackage}.${enumType}`,
  goZero: '""',
  sqlType: ({ values = [] }) => `VARCHAR(${Math.max(...values.map((value) => value.length))})`,
  asText: (value) => `string(${value})`,
  parse: (text) => text,
  sqlCheck: ({ values = [] }, column) => `${column} IN (${values.map(sqlString).join(', ')})`,
  openapi: ({ values = [] }) => [
    ['type', 'string'],
    ['enum', `[${values.map(yamlString).join(', ')}]`],
  ],
  rules: () => ['enum'],
  write: (value, field) => writtenValue(String(value), field),
  examples: (field) => (field.values ?? []).slice(0, exampleCount).map((value) => writtenValue(value, field)),
  refused: ({ enumType, goPackage, values = [] }) => {
    const text = unknownValue(values);
    const go = `${enumType}(${goString(text)})`;
    return [{ text, go, goOutside: `${goPackage}.${go}`, json: json(text), rule: 'enum', label: 'unknown' }];
  },
  wrongType: '1',
  indexable: true,
};

function writtenValue(value: string, { enumValues }: Pick<FieldSpec, 'enumValues'>): Written {
  const known = enumValues.find((candidate) => candidate.value === value);
  if (!known) throw new Error(`unchecked enum value ${value}`);
  return { text: value, go: known.goConst, goOutside: known.goConstOutside, json: json(value) };
}

function unknownValue(values: readonly string[]): string {
  let text = 'unknown';
  while (values.includes(text)) text += '_value';
  return text;
}
