/** Debian names no release in its own list of packages; which one it is decides what is fixed where. */
export const debianReleases = [
  ['11', 'Debian 11'],
  ['12', 'Debian 12'],
  ['13', 'Debian 13'],
] as const;
