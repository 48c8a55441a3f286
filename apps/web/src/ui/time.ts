/** Words for moments and spans. Pure: the zone and the present moment come in. */

/** `Mon 30 Nov 2026, 17:00` in `zone` (IANA name); falls back to UTC on an unknown zone. */
export function dayAndHour(instant: string, zone: string): string {
  const parts = partsOf(instant, zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const at = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${at('weekday')} ${at('day')} ${at('month')} ${at('year')}, ${at('hour')}:${at('minute')}`;
}

/** `UTC+02:00`, the offset `zone` has at `instant`. */
export function offsetOf(instant: string, zone: string): string {
  const parts = partsOf(instant, zone, { timeZoneName: 'longOffset' });
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name.replace('GMT', 'UTC').replace('-', '\u2212');
}

/** Date and hour with zone name and offset: nothing left to guess. */
export function fullMoment(instant: string, zone: string): string {
  const name = isZone(zone) ? zone : 'UTC';
  const offset = offsetOf(instant, name);
  return name === 'UTC'
    ? `${dayAndHour(instant, name)} UTC`
    : `${dayAndHour(instant, name)} ${name} (${offset})`;
}

/** A length of time in its two largest units: `9 days 4 hours`, `12 minutes`. */
export function spanWords(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  if (minutes < 1) return 'less than a minute';
  const units: [number, string][] = [
    [Math.floor(minutes / 1_440), 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
    [minutes % 60, 'minute'],
  ];
  const first = units.findIndex(([count]) => count > 0);
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' ');
}

/** A length of time in its largest unit: `9 days`. */
export function briefSpan(milliseconds: number): string {
  return spanWords(milliseconds).split(' ').slice(0, 2).join(' ');
}

/** A run's duration: `132 ms`, `4.2 s`. */
export function durationWords(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1_000).toFixed(1)} s`;
}

/**
 * The moment at which the clocks of `zone` show `local` (`2026-11-30T17:00`), as RFC 3339 with that
 * zone's offset. Null where they never show it, because they are put forward then, or where `local`
 * or `zone` is malformed. Where they show it twice, the earlier.
 */
export function momentIn(local: string, zone: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/.exec(local);
  if (match === null || !isZone(zone)) return null;
  const asUtc = Date.parse(`${local}:00Z`);
  // A browser may read 31 February as 3 March.
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(local)) return null;
  // No offset is larger than 14 hours: the two days around hold every offset that can apply.
  const offsets = [-86_400_000, 86_400_000].map((away) => offsetMinutes(asUtc + away, zone));
  for (const minutes of offsets) {
    const at = asUtc - minutes * 60_000;
    if (offsetMinutes(at, zone) === minutes) return `${local}:00${offsetText(minutes)}`;
  }
  return null;
}

/** Every zone the browser knows by name, with UTC first. */
export function zoneNames(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}

function offsetMinutes(at: number, zone: string): number {
  const text = offsetOf(new Date(at).toISOString(), zone);
  const match = /UTC([+\u2212])(\d{2}):(\d{2})/.exec(text);
  if (match === null) return 0;
  const size = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '+' ? size : -size;
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function partsOf(
  instant: string,
  zone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormatPart[] {
  const timeZone = isZone(zone) ? zone : 'UTC';
  return formatter(timeZone, options).formatToParts(new Date(instant));
}

/**
 * Making a formatter takes longer than using it a hundred times, and a list shows many moments.
 * Each zone is made at most once for each of the two forms; there are some 400 zones.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${timeZone} ${Object.keys(options).join()}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  formatters.set(key, made);
  return made;
}

const zones = new Map<string, boolean>();
/** More names than there are zones come only from outside, and are not kept. */
const zonesMax = 1_000;

function isZone(zone: string): boolean {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  let is = true;
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
  } catch {
    is = false;
  }
  if (zones.size < zonesMax) zones.set(zone, is);
  return is;
}
