const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Data older than this is called old: advisories come daily. */
export const oldMs: number = 7 * dayMs;

/** How long ago `at` was, for a person: `3 hours old`. */
export function describeAge(at: string, now: number): string {
  const age = Math.max(0, now - Date.parse(at));
  if (age < hourMs) return counted(Math.floor(age / minuteMs), 'minute');
  return age < 2 * dayMs
    ? counted(Math.floor(age / hourMs), 'hour')
    : counted(Math.floor(age / dayMs), 'day');
}

function counted(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'} old`;
}

/** Bytes for a person: `1.3 MiB`. */
export function describeSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}
