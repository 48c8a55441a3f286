import { ok, type Result } from '@breakwater/kernel';
import { type Address, formatAddress, isMapped, parseAddress } from './address.ts';
import { refusal } from './refusal.ts';
import type { NetworkTarget } from './target.ts';

const shape = /^\[?([0-9a-fA-F:.]+)\]?(?:\/(\d{1,3}))?$/;

/**
 * Parses an address or a network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). Bits behind the
 * prefix are cleared. `::ffff:192.0.2.0/120` is `192.0.2.0/24`; a shorter prefix than 96 stays IPv6.
 */
export function parseNetwork(text: string): Result<NetworkTarget, 'network-malformed'> {
  const [, written = '', digits] = shape.exec(text) ?? [];
  const address = parseAddress(written);
  if (address === null || text.startsWith('[') !== text.includes(']')) return malformed(text);
  const widest = isMapped(written) ? 128 : address.bits.length;
  const given = digits === undefined ? widest : Number(digits);
  if (given > widest || (digits !== undefined && /^0\d/.test(digits))) return malformed(text);
  const length = given - (widest - address.bits.length);
  if (length >= 0) return ok(network(address, length));
  return ok(network({ family: 6, bits: mappedBits(address.bits) }, given));
}

/** The network of all addresses that begin with the first `length` bits of one. */
export function network({ family, bits }: Address, length: number): NetworkTarget {
  const common = bits.slice(0, length);
  const address = formatAddress({ family, bits: common.padEnd(bits.length, '0') });
  const isOne = length === bits.length;
  return {
    kind: 'network',
    text: isOne ? address : `${address}/${length}`,
    lineage: `net${family}:${common}${isOne ? '!' : ''}`,
    family,
    address,
    length,
  };
}

/** The network of a lineage `net4:…` or `net6:…` that ends with its bits. */
export function networkOfLineage(lineage: string): NetworkTarget {
  const family = lineage.startsWith('net4:') ? 4 : 6;
  const bits = lineage.slice('net4:'.length).replace('!', '');
  return network({ family, bits: bits.padEnd(family === 4 ? 32 : 128, '0') }, bits.length);
}

function mappedBits(v4: string): string {
  return '0'.repeat(80) + '1'.repeat(16) + v4;
}

function malformed(text: string) {
  return refusal('network-malformed', text, {
    expected: 'an address or a network such as 192.0.2.0/24 or 2001:db8::/32, without a zone id',
    todo: 'write IPv4 in four decimal numbers without leading zeros, and the prefix after a slash',
  });
}
