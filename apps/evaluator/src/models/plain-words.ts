/** Arguments of a tool nested deeper are no arguments: no tool has such, and no log could be read. */
const depthMax = 64;

/** A shorter key is a placeholder, and would be found in every other word. */
const keyCharactersMin = 8;

/**
 * What makes words of a provider fit to be kept: its quotations of the key are taken out, so that
 * whoever reads the log does not read the key, and half a surrogate pair, which readers of logs
 * refuse, becomes U+FFFD.
 */
export function plainWords(key: string | null): (text: string) => string {
  // A header goes out without the white space at its ends, so it comes back without.
  const sent = key?.trim() ?? '';
  if (sent.length < keyCharactersMin) return (text) => text.toWellFormed();
  return (text) => text.replaceAll(sent, '[key]').toWellFormed();
}

/** JSON with each of its texts and names as `words` makes it; null where it is nested too deep. */
export function plainJson(value: unknown, words: (text: string) => string): unknown {
  const plain = (each: unknown, depth: number): unknown => {
    if (typeof each === 'string') return words(each);
    if (typeof each !== 'object' || each === null) return each;
    if (depth === depthMax) throw new TooDeep();
    if (Array.isArray(each)) return each.map((one) => plain(one, depth + 1));
    const members = Object.entries(each);
    return Object.fromEntries(members.map(([name, one]) => [words(name), plain(one, depth + 1)]));
  };
  try {
    return plain(value, 0);
  } catch (error) {
    if (error instanceof TooDeep) return null;
    throw error;
  }
}

class TooDeep extends Error {}
