import { type QuietPeriod, weekdays } from '@breakwater/contract';
import { type Instant, toInstant } from '@breakwater/kernel';

/**
 * Until when it is quiet at `at`; null: it is not. Periods that meet count as one, as far as some
 * 400 days ahead: who wants quiet for ever opts out.
 */
export function quietUntil(periods: readonly QuietPeriod[], at: Instant): Instant | null {
  const start = Date.parse(at);
  let now = start;
  for (let steps = 0; steps < stepsMax && now < start + aheadMs; steps += 1) {
    const ends = periods
      .flatMap((period) => windowsAround(period, now))
      .filter(({ from, until }) => from <= now && now < until)
      .map(({ until }) => until);
    if (ends.length === 0) break;
    now = Math.max(...ends);
  }
  return now === start ? null : toInstant(new Date(now));
}

/** Whether `zone` is a time zone of the IANA database, such as America/New_York. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const dayMs = 86_400_000;
const aheadMs = 400 * dayMs;
const stepsMax = 400;

/** Milliseconds since 1970; the end is no part of it. */
interface Window {
  readonly from: number;
  readonly until: number;
}

/** Those windows of a period that may hold `now`. */
function windowsAround(period: QuietPeriod, now: number): readonly Window[] {
  switch (period.kind) {
    case 'once':
      return [{ from: Date.parse(period.from), until: Date.parse(period.until) }];
    case 'weekly': {
      const { days, zone } = period;
      const [from, until] = [minutesOf(period.from), minutesOf(period.until)];
      const today = Math.floor((now + offsetAt(now, zone)) / dayMs) * dayMs;
      return [today - dayMs, today].flatMap((day) => {
        const name = weekdays[(new Date(day).getUTCDay() + 6) % 7];
        if (name === undefined || !days.includes(name)) return [];
        const end = until > from ? day : day + dayMs;
        return [
          {
            from: momentOf(day + from, { zone, choose: Math.min }),
            until: momentOf(end + until, { zone, choose: Math.max }),
          },
        ];
      });
    }
    case 'yearly': {
      const { from, until, zone } = period;
      const year = new Date(now + offsetAt(now, zone)).getUTCFullYear();
      return [year - 1, year].map((of) => ({
        from: momentOf(dayOf(of, from), { zone, choose: Math.min }),
        until: momentOf(dayOf(until < from ? of + 1 : of, until) + dayMs, {
          zone,
          choose: Math.max,
        }),
      }));
    }
  }
}

function minutesOf(text: string): number {
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * 60_000;
}

/** The 29th of February is the 1st of March where there is none. */
function dayOf(year: number, text: string): number {
  return Date.UTC(year, Number(text.slice(0, 2)) - 1, Number(text.slice(3)));
}

/**
 * The moment at which the clocks of a zone show `local`. Where they show it twice, or never, `choose`
 * takes one: the earlier to begin with and the later to end with, so that it is rather longer quiet.
 */
function momentOf(
  local: number,
  { zone, choose }: { readonly zone: string; readonly choose: (...of: number[]) => number },
): number {
  const tried = [local - dayMs, local + dayMs].map((near) => local - offsetAt(near, zone));
  const shown = tried.filter((moment) => moment + offsetAt(moment, zone) === local);
  return choose(...(shown.length === 0 ? tried : shown));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(moment: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    // There are some six hundred zones, and owners name them.
    if (formats.size < 1_000) formats.set(zone, format);
  }
  const whole = Math.floor(moment / 1_000) * 1_000;
  const parts = new Map(
    format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const days = Date.UTC(part('year'), part('month') - 1, part('day'));
  const time = (part('hour') * 60 + part('minute')) * 60 + part('second');
  return days + time * 1_000 - whole;
}
