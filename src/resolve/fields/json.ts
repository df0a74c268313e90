import { goString, json as jsonText } from '../../text/quote.js';
import type { FieldKind, Written } from './kind.js';
import { numbered } from './simple.js';
import { plainText } from './text.js';

/** `json`: any JSON value, limited in bytes. */
export const json: FieldKind = {
  goType: () => 'json.RawMessage',
  goZero: 'nil',
  sqlType: () => 'JSON',
  sqlArgument: (value) => `mysqldb.JSON(${value})`,
  asText: (value) => `string(${value})`,
  parse: (text) => text,
  openapi: () => [],
  rules: () => ['max'],
  write: (value) => writtenJSON(JSON.stringify(value)),
  examples: ({ max = plainText }) => {
    const long = numbered((n) => writtenJSON(`{"n":${n}}`));
    return Number(max) < 7 ? numbered((n) => writtenJSON(String(n))) : long;
  },
  refused: ({ max = plainText }) => [
    {
      text: '',
      json: '',
      go: `json.RawMessage(\`"\` + strings.Repeat("x", ${max}) + \`"\`)`,
      rule: 'max',
      label: 'too long',
    },
  ],
  wrongType: '',
  indexable: false,
};

function writtenJSON(text: string): Written {
  const escaped = jsonText(JSON.parse(text));
  const go = escaped.includes('`') ? goString(escaped) : `\`${escaped}\``;
  return { text: escaped, go: `json.RawMessage(${go})`, json: escaped };
}
