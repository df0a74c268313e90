/** A point in time, UTC. */
export interface Instant {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

/** Reads RFC 3339 in UTC, at most six digits of a second; undefined when it is none, or no such day or time exists. */
export function parseTimestamp(text: string): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z$/.exec(text);
  const [, day = '', hour = '', minute = '', second = '', fraction = ''] = match ?? [];
  const date = parseDate(day);
  if (!date || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const microsecond = Number(fraction.padEnd(6, '0'));
  return { ...date, hour: Number(hour), minute: Number(minute), second: Number(second), microsecond };
}

/** Reads a full-date of RFC 3339 from the year 1000 on, MySQL's first; undefined when there is no such day. */
export function parseDate(text: string): Pick<Instant, 'year' | 'month' | 'day'> | undefined {
  if (!/^[1-9]\d{3}-\d\d-\d\d$/.test(text)) return undefined;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days ? { year, month, day } : undefined;
}
