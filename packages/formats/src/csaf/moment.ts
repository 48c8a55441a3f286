/** A point in time as CSAF writes it (RFC 3339, 5.6), comparable beyond milliseconds. */
export interface Moment {
  /** Since 1970, without leap seconds. */
  readonly seconds: number;
  /** Digits after the decimal point, without trailing zeros. */
  readonly fraction: string;
}

const shape =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d)?)$/;

/** Null where the text is no date and time with a zone, or names a day or hour there is not. */
export function parseMoment(text: string): Moment | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const midnight = Date.UTC(2000, month - 1, day);
  const date = new Date(midnight);
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0;
  const sign = match[8] === '-' ? -1 : 1;
  const [zoneHour, zoneMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (!isDay || hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59) {
    return null;
  }
  const offset = sign * (zoneHour * 60 + zoneMinute) * 60;
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset;
  // RFC 3339, 5.7: a leap second is the last of a day of universal time.
  if (second === 60 && seconds % 86_400 !== 0) return null;
  return { seconds, fraction: (match[7] ?? '').replace(/0+$/, '') };
}

/** Below zero: `a` comes first. Texts that are no moments come before all others. */
export function compareMoments(a: string, b: string): number {
  const [x, y] = [parseMoment(a), parseMoment(b)];
  if (x === null || y === null) return Number(x !== null) - Number(y !== null);
  if (x.seconds !== y.seconds) return x.seconds - y.seconds;
  return x.fraction < y.fraction ? -1 : Number(x.fraction > y.fraction);
}
