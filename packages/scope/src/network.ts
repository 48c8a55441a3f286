import { ok, type Result } from '@breakwater/kernel';
import { type Address, formatAddress, parsePrefix } from './address.ts';
import { refusal } from './refusal.ts';
import type { NetworkTarget } from './target.ts';

const shape = /^\[?([0-9a-fA-F:.]+)\]?(?:\/(\d{1,3}))?$/;

/**
 * Parses an address or a network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). Bits behind the
 * prefix are cleared. `::ffff:192.0.2.0/120` is `192.0.2.0/24`; a shorter prefix than 96 stays IPv6.
 */
export function parseNetwork(text: string): Result<NetworkTarget, 'network-malformed'> {
  const [, written = '', digits] = shape.exec(text) ?? [];
  if (text.startsWith('[') !== text.includes(']')) return malformed(text);
  if (digits !== undefined && /^0\d/.test(digits)) return malformed(text);
  const prefix = parsePrefix(written, digits === undefined ? null : Number(digits));
  return prefix === null ? malformed(text) : ok(network(prefix.address, prefix.length));
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

function malformed(text: string) {
  return refusal('network-malformed', text, {
    expected: 'an address or a network such as 192.0.2.0/24 or 2001:db8::/32, without a zone id',
    todo: 'write IPv4 in four decimal numbers without leading zeros, and the prefix after a slash; of a tunnel (6to4, Teredo) name what it leads to',
  });
}
