import { json } from '../../text/quote.js';
import { type Instant, parseDate, parseTimestamp } from '../../values/moment.js';
import type { FieldKind, Written } from './kind.js';
import { numbered } from './simple.js';

const months = 'January February March April May June July August September October November December'.split(' ');

/** `timestamp`: UTC, microseconds. */
export const timestamp: FieldKind = {
  goType: () => 'time.Time',
  goZero: 'time.Time{}',
  sqlType: () => 'DATETIME(6)',
  asText: (value) => `${value}.Format(time.RFC3339Nano)`,
  parse: (text) => `time.Parse(time.RFC3339Nano, ${text})`,
  openapi: () => [
    ['type', 'string'],
    ['format', 'date-time'],
  ],
  rules: () => [],
  write: (value) => writtenTime(String(value)),
  examples: () => numbered((n) => writtenTime(`2026-0${n}-0${n + 1}T03:04:05.00000${n}Z`)),
  extremes: () => [writtenTime('1000-01-01T00:00:00Z'), writtenTime('9999-12-31T23:59:59.999999Z')],
  refused: () => [],
  wrongType: '"yesterday"',
  indexable: true,
};

/** `date`: a day without a zone. */
export const date: FieldKind = {
  goType: () => 'date.Date',
  goZero: 'date.Date{}',
  sqlType: () => 'DATE',
  asText: (value) => `${value}.String()`,
  parse: (text) => `date.Parse(${text})`,
  openapi: () => [
    ['type', 'string'],
    ['format', 'date'],
  ],
  rules: () => [],
  write: (value) => writtenDate(String(value)),
  examples: () => numbered((n) => writtenDate(`2026-0${n}-0${n + 1}`)),
  extremes: () => [writtenDate('1000-01-01'), writtenDate('9999-12-31')],
  refused: () => [],
  wrongType: '"yesterday"',
  indexable: true,
};

function writtenTime(text: string): Written {
  const at = parseTimestamp(text);
  if (!at) throw new Error(`unchecked timestamp ${text}`);
  const fraction = at.microsecond === 0 ? '' : `.${pad(at.microsecond, 6).replace(/0+$/, '')}`;
  const utc = `${isoDay(at)}T${pad(at.hour, 2)}:${pad(at.minute, 2)}:${pad(at.second, 2)}${fraction}Z`;
  const clock = [at.year, `time.${months[at.month - 1]}`, at.day, at.hour, at.minute, at.second, at.microsecond * 1000];
  return { text: utc, go: `time.Date(${clock.join(', ')}, time.UTC)`, json: json(utc) };
}

function writtenDate(text: string): Written {
  const day = parseDate(text);
  if (!day) throw new Error(`unchecked date ${text}`);
  const go = `date.Date{Year: ${day.year}, Month: time.${months[day.month - 1]}, Day: ${day.day}}`;
  return { text, go, json: json(text) };
}

function isoDay({ year, month, day }: Pick<Instant, 'year' | 'month' | 'day'>): string {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function pad(n: number, digits: number): string {
  return String(n).padStart(digits, '0');
}
