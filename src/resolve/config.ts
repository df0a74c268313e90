import type { Manifest, ManifestConfigKey } from '../manifest/grammar.js';
import { pascal, screaming } from '../text/case.js';
import { decimalText, parseDecimal } from '../text/decimal.js';
import { goString } from '../text/quote.js';
import type { ConfigKey } from './model.js';
import { names } from './names.js';

/** Values with which a test starts the service where nothing has a default. */
const examples = {
  string: 'example',
  bool: 'true',
  int32: '1',
  int64: '1',
  float64: '1',
  duration: '1s',
} as const satisfies Record<ManifestConfigKey['type'], string>;

/** Returns the configuration keys that the manifest declares. */
export function configKeys(written: Manifest['config']): readonly ConfigKey[] {
  return Object.entries(written ?? {}).map(([name, key]) => ({
    names: names(name),
    key: screaming(name),
    goName: pascal(name),
    goType: key.type === 'duration' ? 'time.Duration' : key.type,
    description: key.description,
    doc: `${pascal(name)}: ${key.description}`,
    tag: tag(name, key),
    secret: key.secret ?? false,
    required: key.default === undefined,
    default: key.default === undefined ? '' : configValue(key.default),
    assignment: `${screaming(name)}=${key.default === undefined ? examples[key.type] : configValue(key.default)}`,
  }));
}

function tag(name: string, { default: value, secret }: ManifestConfigKey): string {
  const required = value === undefined;
  const parts = [`env:"${screaming(name)}${required ? ',required' : ''}"`];
  if (!required) parts.push(`envDefault:${goString(configValue(value))}`);
  if (secret) parts.push('secret:"true"');
  const text = parts.join(' ');
  return text.includes('`') ? goString(text) : `\`${text}\``;
}

/** Returns a value as the environment holds it; numbers without an exponent. */
export function configValue(value: string | number | boolean): string {
  const number = typeof value === 'number' ? parseDecimal(String(value)) : undefined;
  return number ? decimalText(number) : String(value);
}
