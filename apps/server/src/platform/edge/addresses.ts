import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { specialNetworks } from '@breakwater/kernel';

/** Whether a host name, as URL and Host header write it, means this machine alone. */
export function isLoopbackName(host: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]', '::1'].includes(host.toLowerCase());
}

/** An address as it compares: no brackets, no zone, IPv4 that was mapped into IPv6 as IPv4. */
export function plainAddress(text: string): string | null {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
  return isIP(mapped) === 0 ? null : mapped.toLowerCase();
}

/** A set of addresses and networks. */
export interface Networks {
  has(address: string): boolean;
}

/** The networks that `entries` name (`192.0.2.1`, `10.0.0.0/8`, `fd00::/8`); null: one is none. */
export function parseNetworks(entries: readonly string[]): Networks | null {
  const list = new BlockList();
  for (const entry of entries) {
    const parts = /^([0-9A-Fa-f:.]{2,45})(?:\/(\d{1,3}))?$/.exec(entry);
    const address = parts?.[1] ?? '';
    const version = isIP(address);
    const bits = Number(parts?.[2] ?? (version === 4 ? 32 : 128));
    if (version === 0 || bits > (version === 4 ? 32 : 128)) return null;
    list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    has(text) {
      const address = plainAddress(text);
      return address !== null && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
    },
  };
}

/**
 * Who is counted: an IPv4 address, or the /64 of an IPv6 address, since whoever has one of those
 * has all 2^64.
 */
export function countedAddress(text: string): string {
  const address = plainAddress(text);
  if (address === null) return 'unknown';
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: gap }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

const notPublic = parseNetworks(specialNetworks);
/** Of IPv6, only this is given to the public: all else is wrapped, local or nobody's. */
const given = parseNetworks(['2000::/3']);

/** Whether an address belongs to the open net, and not to this machine or a network behind it. */
export function isPublicAddress(text: string): boolean {
  const address = plainAddress(text);
  if (address === null || notPublic === null || notPublic.has(address)) return false;
  return isIPv4(address) || given?.has(address) === true;
}
