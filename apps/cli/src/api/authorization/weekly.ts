import { type Instant, parseInstant } from '@breakwater/kernel';
import { Stop } from '../../stop.ts';
import { LocalMoment } from '../claim/moments.ts';

const dayNames: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Hours of some days of the week; 1 is Monday (ISO 8601). */
export interface WeeklyHours {
  readonly days: number[];
  readonly from: string;
  readonly until: string;
}

/** `mon-fri 08:00-18:00`, `sat,sun 00:00-00:00`, `daily 22:00-06:00`. */
export function weeklyOf(text: string): WeeklyHours {
  const shape = /^([a-z,-]+) +(\d\d:\d\d)-(\d\d:\d\d)$/;
  const [, dayText = '', from = '', until = ''] = shape.exec(text.trim().toLowerCase()) ?? [];
  const days = dayText === 'daily' ? [1, 2, 3, 4, 5, 6, 7] : dayText.split(',').flatMap(daysOf);
  if (days.length === 0 || days.includes(0)) throw new Stop(malformed(text, weeklyForm));
  return { days: [...new Set(days)].toSorted((a, b) => a - b), from, until };
}

/** A day or a span of days; over the end of the week too; 0 where it is none. */
function daysOf(text: string): readonly number[] {
  const [first = '', last = first] = text.split('-');
  const [begin, end] = [numberOf(first), numberOf(last)];
  if (begin === 0 || end === 0) return [0];
  const length = ((end - begin + 7) % 7) + 1;
  return Array.from({ length }, (_, index) => ((begin - 1 + index) % 7) + 1);
}

function numberOf(name: string): number {
  return dayNames.indexOf(name) + 1;
}

/** The name of a day by its number. */
export function dayName(day: number): string {
  return dayNames[day - 1] ?? String(day);
}

/** `2026-12-24/2027-01-02`, each with an hour if you like. */
export function spanOf(text: string): { readonly from: Instant; readonly until: Instant } {
  const [from, until] = text.split('/').map((each) => momentOf(each.trim()));
  if (from == null || until == null) throw new Stop(malformed(text, spanForm));
  return { from, until };
}

function momentOf(text: string): Instant | null {
  const parsed = LocalMoment.safeParse(text);
  return parsed.success ? parsed.data : parseInstant(text);
}

const weeklyForm = 'days and hours such as "mon-fri 08:00-18:00" or "daily 22:00-06:00"';
const spanForm = 'two moments such as "2026-12-24 18:00/2027-01-02 06:00"';

function malformed(got: string, expected: string) {
  return { code: 'option-malformed', expected, got, todo: 'see --help of this command' };
}
