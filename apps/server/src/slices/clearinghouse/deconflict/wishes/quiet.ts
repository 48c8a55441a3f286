import { type QuietPeriod, weekdays } from '@breakwater/contract';
import { type Instant, toInstant } from '@breakwater/kernel';

/**
 * Until when it is quiet at `at`; null: it is not. Periods that meet count as one, as far as some
 * 400 days ahead: who wants quiet for ever opts out.
 */
export function quietUntil(periods: readonly QuietPeriod[], at: Instant): Instant | null {
  const start = Date.parse(at);
  let now = start;
  // The windows of a day are met by many steps; reading clocks is what takes long.
  const known = new Map<
    QuietPeriod,
    { readonly day: number; readonly windows: readonly Window[] }
  >();
  const windowsOf = (period: QuietPeriod): readonly Window[] => {
    const day = Math.floor((now + offsetIn(period, now)) / dayMs);
    const before = known.get(period);
    if (before?.day === day) return before.windows;
    const windows = windowsAround(period, now);
    known.set(period, { day, windows });
    return windows;
  };
  for (let steps = 0; steps < stepsMax && now < start + aheadMs; steps += 1) {
    const ends = periods
      .flatMap(windowsOf)
      .filter(({ from, until }) => from <= now && now < until)
      .map(({ until }) => until);
    if (ends.length === 0) break;
    now = Math.max(...ends);
  }
  return now === start ? null : toInstant(new Date(now));
}

const dayMs = 86_400_000;
const aheadMs = 400 * dayMs;
const stepsMax = 400;

/** Milliseconds since 1970; the end is no part of it. */
interface Window {
  readonly from: number;
  readonly until: number;
}

function offsetIn(period: QuietPeriod, moment: number): number {
  return period.kind === 'once' ? 0 : offsetAt(moment, period.zone);
}

/** Those windows of a period that may hold `now`: the same all day long, on the clocks of its zone. */
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

/** By zones in lower case: there are some six hundred of them, and any case names the same. */
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();
const offsetsMax = 2_000;
/** Clocks are changed at a quarter of an hour, in every zone and since long. */
const quarterMs = 900_000;

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(moment: number, name: string): number {
  const zone = name.toLowerCase();
  const quarter = Math.floor(moment / quarterMs);
  const ofZone = offsets.get(zone) ?? new Map<number, number>();
  const known = ofZone.get(quarter);
  if (known !== undefined) return known;
  if (ofZone.size >= offsetsMax) ofZone.clear();
  const offset = readOffset(moment, zone);
  ofZone.set(quarter, offset);
  offsets.set(zone, ofZone);
  return offset;
}

function readOffset(moment: number, zone: string): number {
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
    formats.set(zone, format);
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
