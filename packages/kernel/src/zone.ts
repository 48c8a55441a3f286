/**
 * Whether `name` names a time zone of the IANA database, such as America/New_York. Names alone, no
 * offsets: `+02:00` says nothing of the summer.
 */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
