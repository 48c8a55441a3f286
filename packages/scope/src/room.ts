/**
 * True where something of a place is left without the excepted ones. All but networks have room for
 * more below them than anyone may list, so only an exception that contains the place takes all of it;
 * the addresses of a network are few enough to be taken one by one.
 */
export function hasRoom(lineage: string, except: readonly string[]): boolean {
  if (except.some((each) => lineage.startsWith(each))) return false;
  if (except.length < 2 || !lineage.startsWith('net') || lineage.includes('!')) return true;
  const inside = except.filter((each) => each.startsWith(lineage) && isNetwork(each));
  return !isTaken(inside.map((each) => each.slice(lineage.length).replace('!', '')));
}

/** True for the lineage of a network or an address, not of what is served there. */
function isNetwork(lineage: string): boolean {
  const bang = lineage.indexOf('!');
  return bang < 0 || bang === lineage.length - 1;
}

/**
 * True where prefixes of bits take every address: halves that are both taken are taken as one, until
 * nothing is left to join.
 */
function isTaken(prefixes: readonly string[]): boolean {
  const taken: string[] = [];
  for (const prefix of prefixes.toSorted()) {
    if (taken.some((each) => prefix.startsWith(each))) continue;
    let joined = prefix;
    while (joined.endsWith('1') && taken.at(-1) === `${joined.slice(0, -1)}0`) {
      taken.pop();
      joined = joined.slice(0, -1);
    }
    taken.push(joined);
  }
  return taken[0] === '';
}
