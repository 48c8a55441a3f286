/** An address in binary: 32 or 128 signs, 0 or 1. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: string;
}

/** `::ffff:0:0/96` in bits: what stands below it is an IPv4 address (RFC 4291 §2.5.5.2). */
const mappedPrefix = '0'.repeat(80) + '1'.repeat(16);

/**
 * Parses an IPv4 address in four decimal numbers, or an IPv6 address (RFC 4291 §2.2). A mapped IPv4
 * address is the IPv4 address. Null for anything else: short and octal forms are read differently by
 * different programs, and a zone id means something on one machine alone.
 */
export function parseAddress(text: string): Address | null {
  const v4 = bitsOfV4(text);
  if (v4 !== null) return { family: 4, bits: v4 };
  const v6 = bitsOfV6(text);
  if (v6 === null) return null;
  if (v6.startsWith(mappedPrefix)) return { family: 4, bits: v6.slice(mappedPrefix.length) };
  return { family: 6, bits: v6 };
}

/** True where `text` is an IPv6 address in the mapped form. */
export function isMapped(text: string): boolean {
  return bitsOfV6(text)?.startsWith(mappedPrefix) === true;
}

/** The address as text: IPv4 in decimal numbers, IPv6 as RFC 5952 §4 has it. */
export function formatAddress({ family, bits }: Address): string {
  const size = family === 4 ? 8 : 16;
  const parts = Array.from({ length: bits.length / size }, (_, i) =>
    Number.parseInt(bits.slice(i * size, (i + 1) * size), 2),
  );
  if (family === 4) return parts.join('.');
  const text = parts.map((part) => part.toString(16)).join(':');
  const runs = `:${text}:`.match(/(?::0)+(?=:)/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest.length < 4) return text;
  const [before = '', after = ''] = cutAround(`:${text}:`, `${longest}:`);
  return `${before.slice(1)}::${after.slice(0, -1)}`;
}

function cutAround(text: string, middle: string): readonly string[] {
  const at = text.indexOf(middle);
  return [text.slice(0, at), text.slice(at + middle.length)];
}

function bitsOfV4(text: string): string | null {
  const parts = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(
    text,
  );
  const numbers = parts?.slice(1).map(Number);
  if (numbers === undefined || numbers.some((number) => number > 255)) return null;
  return numbers.map((number) => number.toString(2).padStart(8, '0')).join('');
}

function bitsOfV6(text: string): string | null {
  if (text.length > 45 || !/^[0-9a-fA-F:.]*$/.test(text) || !text.includes(':')) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = '', tail] = halves.map(bitsOfGroups);
  if (head === null || tail === null) return null;
  if (tail === undefined) return head.length === 128 ? head : null;
  const missing = 128 - head.length - tail.length;
  // RFC 4291 §2.2: `::` stands for one group of zeros or more.
  return missing >= 16 ? head + '0'.repeat(missing) + tail : null;
}

/** The bits of groups between colons; the last may be an IPv4 address. */
function bitsOfGroups(text: string): string | null {
  if (text === '') return '';
  const groups = text.split(':');
  const bits = groups.map((group, i) => {
    if (i === groups.length - 1 && group.includes('.')) return bitsOfV4(group);
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    return Number.parseInt(group, 16).toString(2).padStart(16, '0');
  });
  return bits.includes(null) ? null : bits.join('');
}
