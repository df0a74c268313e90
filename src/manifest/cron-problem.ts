const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const days = 'sun mon tue wed thu fri sat'.split(' ');

/** The five fields, each with its smallest and largest number and the names for numbers from the smallest on. */
const fields = [
  { name: 'minute', least: 0, most: 59, names: [] },
  { name: 'hour', least: 0, most: 23, names: [] },
  { name: 'day of the month', least: 1, most: 31, names: [] },
  { name: 'month', least: 1, most: 12, names: months },
  { name: 'day of the week', least: 0, most: 6, names: days },
] as const;

type Field = (typeof fields)[number];

/**
 * Returns what keeps a text from being a schedule, if anything. Source: the standard parser of
 * github.com/robfig/cron/v3, which Asynq uses; times are UTC, so a zone is refused.
 */
export function cronProblem(cron: string): string | undefined {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(cron)) return undefined;
  if (cron.startsWith('@every '))
    return /^@every ([0-9]+(s|m|h))+$/.test(cron) ? undefined : 'after @every comes a duration such as 1h30m';
  if (/^(CRON_)?TZ=/.test(cron)) return 'schedules are in UTC';
  const parts = cron.trim().split(/ +/);
  if (parts.length !== fields.length) return `a schedule has ${fields.length} fields`;
  const wrong = fields.find((field, index) => !parts[index]?.split(',').every((part) => isRange(part, field)));
  return wrong && `this is not a ${wrong.name}`;
}

function isRange(part: string, field: Field): boolean {
  const match = /^(\*|\?|([a-z0-9]+)(-([a-z0-9]+))?)(\/([0-9]{1,4}))?$/i.exec(part);
  if (!match) return false;
  const [, , from, , to, , step] = match;
  if (step !== undefined && Number(step) === 0) return false;
  if (from === undefined) return true;
  const [start, end] = [numberOf(from, field), numberOf(to ?? from, field)];
  return start !== undefined && end !== undefined && start <= end;
}

function numberOf(text: string, { least, most, names }: Field): number | undefined {
  const named = (names as readonly string[]).indexOf(text.toLowerCase());
  const number = named >= 0 ? named + least : /^[0-9]{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}
