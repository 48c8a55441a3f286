import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { specialNetworks } from '@breakwater/kernel';

const special = new BlockList();
for (const network of specialNetworks) {
  const [address = '', bits] = network.split('/');
  special.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Whether a URL leads to this machine or a network behind it, by name or by address. A name that
 * nobody knows leads nowhere. Asked before the connection is made: a name that changes its mind in
 * between is held by the digest that is pinned, since what it would bring is never shown.
 */
export async function leadsInside(url: URL): Promise<boolean> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return isSpecial(host);
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.some(({ address }) => isSpecial(address));
}

function isSpecial(address: string): boolean {
  // BlockList knows an IPv4 address that was mapped into IPv6 as the IPv4 address it is.
  return special.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
