import { type Cron, CronError, parseCron } from '#shared/schedule/cron.ts';
import { nextRun } from '#shared/schedule/next-run.ts';
import { findTimeZone } from '#shared/schedule/time-zone.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const MOST_TIMES = 4;

/** What a schedule means, or what is wrong with it. */
export type SchedulePreview = { words: string; next: Date[] } | { problem: string };

/** A schedule in words, and its next times. */
export function previewSchedule(text: string, zoneName: string, after: Date, count = 3): SchedulePreview {
  const zone = findTimeZone(zoneName);
  if (!zone) return { problem: 'There is no such time zone.' };
  let cron: Cron;
  try {
    cron = parseCron(text);
  } catch (error) {
    if (error instanceof CronError) return { problem: `${error.message[0]?.toUpperCase()}${error.message.slice(1)}.` };
    throw error;
  }
  const next: Date[] = [];
  for (let at = after; next.length < count; ) {
    const moment = nextRun(cron, zone, at);
    if (!moment) break;
    next.push(moment);
    at = moment;
  }
  return { words: cronInWords(cron), next };
}

/** A schedule as people say it: `At 06:00 on Monday`. */
export function cronInWords(cron: Cron): string {
  return [timesOf(cron), daysOf(cron), monthsOf(cron)].filter(Boolean).join(' ');
}

function timesOf({ minutes, hours }: Cron): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [first = 0] = minutes;
  if (hours.length === 24) {
    if (minutes.length === 60) return 'Every minute';
    const step = stepOf(minutes, 60);
    if (step !== undefined) return `Every ${step} minutes`;
    return minutes.length === 1
      ? `Every hour at ${two(first)} past`
      : `Every hour at minutes ${listed(minutes.map(String))}`;
  }
  if (minutes.length * hours.length <= MOST_TIMES)
    return `At ${listed(hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`)))}`;
  const every = stepOf(hours, 24);
  const which =
    every === undefined ? `during the hours ${listed(hours.map((hour) => two(hour)))}` : `every ${every} hours`;
  return minutes.length === 1
    ? `At ${two(first)} past, ${which}`
    : `At ${minutes.length} minutes of the hour, ${which}`;
}

function daysOf({ anyDayOfMonth, anyDayOfWeek, daysOfMonth, daysOfWeek }: Cron): string {
  const week = [...daysOfWeek].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  const weekdays =
    week.join() === '1,2,3,4,5' ? 'Monday to Friday' : listed(week.map((day) => DAYS[day] ?? String(day)));
  const month = `day ${listed([...daysOfMonth].sort((a, b) => a - b).map(String))} of the month`;
  const anyWeek = daysOfWeek.size === 7;
  const anyMonth = daysOfMonth.size === 31;
  if (anyMonth && anyWeek) return 'every day';
  // where both are given, either is enough, unless one of them begins with a star
  if (!anyMonth && !anyWeek) return `on ${month} ${anyDayOfMonth || anyDayOfWeek ? 'if it is' : 'or on'} ${weekdays}`;
  return anyMonth ? `on ${weekdays}` : `on ${month}`;
}

function monthsOf({ months }: Cron): string {
  if (months.size === 12) return '';
  return `in ${listed([...months].sort((a, b) => a - b).map((month) => MONTHS[month - 1] ?? String(month)))}`;
}

/** The step of values that begin at 0 and go on evenly to the end. */
function stepOf(values: readonly number[], whole: number): number | undefined {
  const step = values[1];
  if (values[0] !== 0 || step === undefined || step < 2 || whole % step !== 0) return undefined;
  return values.length === whole / step && values.every((value, at) => value === at * step) ? step : undefined;
}

const list = new Intl.ListFormat('en', { type: 'conjunction' });
const listed = (words: readonly string[]): string => list.format(words);
