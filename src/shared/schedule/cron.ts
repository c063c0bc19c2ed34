/** A schedule read from five fields: minute, hour, day of month, month, day of week. */
export interface Cron {
  minutes: readonly number[];
  hours: readonly number[];
  daysOfMonth: ReadonlySet<number>;
  months: ReadonlySet<number>;
  /** 0 is Sunday. */
  daysOfWeek: ReadonlySet<number>;
  /** The field is `*`, alone or with a step. */
  anyHour: boolean;
  anyDayOfMonth: boolean;
  anyDayOfWeek: boolean;
}

/** A text is no schedule; the message says which field and why. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

interface Field {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
}

const FIELDS: readonly [Field, Field, Field, Field, Field] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  {
    name: 'month',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  // 7 is Sunday too
  { name: 'day of week', min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];
const MAX_LENGTH = 400;

/** Reads five fields of `*`, numbers, names, ranges, lists and steps. Throws CronError. */
export function parseCron(text: string): Cron {
  if (text.length > MAX_LENGTH) throw new CronError(`a schedule has at most ${MAX_LENGTH} characters`);
  const parts = text.trim().split(/[ \t]+/);
  if (parts.length !== 5 || parts[0] === '')
    throw new CronError(
      `a schedule has five fields (minute, hour, day of month, month, day of week), this has ${parts[0] === '' ? 0 : parts.length}`,
    );
  const [minute, hour, day, month, weekday] = FIELDS.map((field, at) => readField(parts[at] ?? '', field)) as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  const cron: Cron = {
    minutes: [...minute].sort((a, b) => a - b),
    hours: [...hour].sort((a, b) => a - b),
    daysOfMonth: day,
    months: month,
    daysOfWeek: new Set([...weekday].map((value) => value % 7)),
    anyHour: parts[1]!.startsWith('*'),
    anyDayOfMonth: parts[2]!.startsWith('*'),
    anyDayOfWeek: parts[4]!.startsWith('*'),
  };
  if (!everComes(cron))
    throw new CronError('there is no such day: the month has fewer days than the day of month says');
  return cron;
}

/**
 * Does the schedule name a day? Where both fields of days are given, either is enough; only days of the month that none
 * of the months has lead nowhere.
 */
function everComes(cron: Cron): boolean {
  if (!cron.anyDayOfWeek && !cron.anyDayOfMonth) return true;
  return [...cron.months].some((month) => [...cron.daysOfMonth].some((day) => day <= longest(month)));
}

const longest = (month: number): number => (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31);

function readField(text: string, field: Field): Set<number> {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [range = '', stepText, ...more] = item.split('/');
    if (more.length > 0 || range === '') throw wrong(field, item);
    const step = stepText === undefined ? 1 : readNumber(stepText, field, item);
    if (step < 1) throw new CronError(`${field.name}: a step must be at least 1, not '${item.slice(0, 40)}'`);
    const [from, to] = readRange(range, field, item, stepText !== undefined);
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function readRange(text: string, field: Field, item: string, stepped: boolean): [from: number, to: number] {
  const whole = field.max === 7 ? 6 : field.max;
  if (text === '*') return [field.min, whole];
  const ends = text.split('-');
  if (ends.length > 2) throw wrong(field, item);
  const from = readValue(ends[0] ?? '', field, item);
  // `5/15` is from 5 on.
  const to = ends[1] === undefined ? (stepped ? whole : from) : readValue(ends[1], field, item);
  if (from > to) throw new CronError(`${field.name}: the range '${text.slice(0, 40)}' runs backwards`);
  return [from, to];
}

function readValue(text: string, field: Field, item: string): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + field.min;
  const value = readNumber(text, field, item);
  if (value < field.min || value > field.max)
    throw new CronError(`${field.name}: ${value} is not from ${field.min} to ${field.max}`);
  return value;
}

function readNumber(text: string, field: Field, item: string): number {
  if (!/^\d{1,4}$/.test(text)) throw wrong(field, item);
  return Number(text);
}

function wrong(field: Field, item: string): CronError {
  return new CronError(`${field.name}: '${item.slice(0, 40)}' is not a number, range or step`);
}

/** The rule of cron: where both fields of days are given, a day fits when one of them does. */
export function fitsDay(cron: Cron, { year, month, day }: { year: number; month: number; day: number }): boolean {
  if (!cron.months.has(month)) return false;
  const ofMonth = cron.daysOfMonth.has(day);
  const ofWeek = cron.daysOfWeek.has(new Date(Date.UTC(year, month - 1, day)).getUTCDay());
  return cron.anyDayOfMonth || cron.anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
}
