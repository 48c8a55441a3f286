/** An address in binary: 32 or 128 signs, 0 or 1. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: string;
}

const groups = (...numbers: readonly number[]) =>
  numbers.map((number) => number.toString(2).padStart(16, '0')).join('');

/** Below these 96 bits an IPv6 address is another way to write or to reach an IPv4 address. */
const sameAsV4: readonly string[] = [
  // ::ffff:0:0/96, mapped (RFC 4291 §2.5.5.2).
  groups(0, 0, 0, 0, 0, 0xffff),
  // ::ffff:0:0:0/96, translated without state (RFC 2765 §2.1).
  groups(0, 0, 0, 0, 0xffff, 0),
  // 64:ff9b::/96, what every translator makes of it (RFC 6052 §2.1).
  groups(0x64, 0xff9b, 0, 0, 0, 0),
];

/** What lies here leads to an IPv4 address too, but whose it is cannot be told from the address. */
const notToBeTold: readonly string[] = [
  // 64:ff9b:1::/48, means something within one network alone (RFC 8215).
  groups(0x64, 0xff9b, 1),
  // 2002::/16, 6to4 (RFC 3056; RFC 7526 has it used no more).
  groups(0x2002),
  // 2001::/32, Teredo (RFC 4380).
  groups(0x2001, 0),
  // ::/96, compatible (RFC 4291 §2.5.5.1, used no more).
  groups(0, 0, 0, 0, 0, 0),
];

/** `::` and `::1`, which are no compatible addresses (RFC 4291 §2.5.2, §2.5.3). */
const special: ReadonlySet<string> = new Set([`${'0'.repeat(128)}`, `${'0'.repeat(127)}1`]);

/**
 * Parses an IPv4 address in four decimal numbers, or an IPv6 address (RFC 4291 §2.2). What is an
 * IPv4 address by another name is the IPv4 address. Null for anything else: short and octal forms
 * are read differently by different programs, a zone id means something on one machine alone, and
 * tunnels hide whose machine answers.
 */
export function parseAddress(text: string): Address | null {
  const read = parsePrefix(text, null);
  return read === null ? null : read.address;
}

/** Addresses that begin with the first `length` bits of one. */
export interface Prefix {
  readonly address: Address;
  readonly length: number;
}

/** The same of a prefix; `length` null: one address. A prefix around what is IPv4 stays IPv6. */
export function parsePrefix(text: string, length: number | null): Prefix | null {
  const v4 = bitsOfV4(text);
  if (v4 !== null) return within({ family: 4, bits: v4 }, length ?? 32);
  const v6 = bitsOfV6(text);
  if (v6 === null) return null;
  const prefix = within({ family: 6, bits: v6 }, length ?? 128);
  if (prefix === null || (prefix.length === 128 && special.has(v6))) return prefix;
  const isBelow = (start: string) => prefix.length >= start.length && v6.startsWith(start);
  if (sameAsV4.some(isBelow)) {
    return { address: { family: 4, bits: v6.slice(96) }, length: prefix.length - 96 };
  }
  return notToBeTold.some(isBelow) ? null : prefix;
}

function within(address: Address, length: number): Prefix | null {
  return length <= address.bits.length ? { address, length } : null;
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
