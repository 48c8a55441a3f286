import { type Instant, parseInstant, toInstant } from '@breakwater/kernel';
import { z } from 'zod';

/** The hour and the zone that a person here reads the clock in. */
export interface Here {
  readonly now: Instant;
  /** IANA name, such as Europe/Berlin. */
  readonly zone: string;
}

/** By the clock and the zone of this machine. */
export function here(): Here {
  return {
    now: toInstant(new Date()),
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

const units: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60, w: 7 * 24 * 60 };
const durationForm = 'a time such as 90m, 36h, 3d or 2w';

/** A length of time as people write it; milliseconds. */
export const Duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[mhdw]$/, durationForm)
  .transform((text) => Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? 0) * 60_000);

/** A moment as people write it: with a zone, or on the clock of this machine. */
export const LocalMoment = z.string().transform((text, context): Instant => {
  const instant = parseInstant(text) ?? onThisClock(text);
  if (instant !== null) return instant;
  context.addIssue({
    code: 'custom',
    message:
      'such as 2026-11-30T17:00:00-05:00, or "2026-11-30 17:00" on the clock of this machine',
  });
  return z.NEVER;
});

function onThisClock(text: string): Instant | null {
  const [, day, time = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?$/.exec(text) ?? [];
  if (day === undefined) return null;
  const date = new Date(`${day}T${time}`);
  // 30 February would become a day of March.
  const same = !Number.isNaN(date.getTime()) && date.getDate() === Number(day.slice(8));
  return same ? toInstant(date) : null;
}

/** `2026-11-22 14:00 (Europe/Berlin, GMT+1), in 1 d 2 h`. */
export function momentText(at: Instant, { now, zone }: Here): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  }).formatToParts(new Date(at));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  const offset = zone === 'UTC' ? 'UTC' : `${zone}, ${part('timeZoneName')}`;
  return `${date} ${part('hour')}:${part('minute')} (${offset}), ${fromNow(at, now)}`;
}

/** `in 1 d 2 h`, `3 min ago`. */
function fromNow(at: Instant, now: Instant): string {
  const milliseconds = Date.parse(at) - Date.parse(now);
  const length = lengthText(Math.abs(milliseconds));
  return milliseconds >= 0 ? `in ${length}` : `${length} ago`;
}

/** `1 d 2 h`, `2 h 5 min`, `40 s`: two units at most. */
export function lengthText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24];
  if (days > 0) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
