import type { Match } from '@breakwater/exposure';

/** What a package is called where it is installed. */
export function installedName(match: Match): string {
  return match.component.installedAs ?? match.component.name;
}

/** The version that has the fix, where the advisory tells one. */
export function fixedBy(match: Match | undefined): string | null {
  const reason = match?.reason;
  if (reason?.how !== 'version-in-range' || reason.end?.kind !== 'fixed') return null;
  return reason.end.version;
}

/** `a, b and c`. */
export function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Nothing that a shell obeys between double quotes. */
export const plainVersion = /^[0-9A-Za-z.+~:-]+$/;

/** What each installed version must become, where one fix is not the fix of all. */
export function eachWanted(matches: readonly Match[]): string {
  const each = matches.map((match) => {
    const fixed = fixedBy(match);
    return `Where it was ${match.component.version}, it must be ${fixed === null ? 'newer' : `${fixed} or later`}.`;
  });
  return [...new Set(each)].sort().join(' ');
}

/** `libcjson1 1.2 or later`, for each package. */
export function wanted(matches: readonly Match[]): string[] {
  const each = matches.map((match) => {
    const fixed = fixedBy(match);
    const { version } = match.component;
    return `${installedName(match)} ${fixed === null ? `newer than ${version}` : `${fixed} or later`}`;
  });
  return [...new Set(each)].sort();
}
