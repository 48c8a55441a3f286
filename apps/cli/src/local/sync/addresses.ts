import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { specialNetworks } from '@breakwater/kernel';

const notPublic = new BlockList();
for (const network of specialNetworks) {
  const [address = '', bits] = network.split('/');
  notPublic.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
/** Only 2000::/3 is given to the public. */
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address, as text, is one that anybody on the internet may have. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublic.check(address, 'ipv4');
  if (isIP(address) !== 6) return false;
  return publicV6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

/** Whether a URL names this very machine. */
export function isLoopback(url: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

/**
 * Resolves names for a connection, and fails where any answer is not public: checked on the very
 * answer that is connected to, so that a name which changes its mind in between gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '');
    const [first] = found;
    if (first === undefined || found.some(({ address }) => !isPublicAddress(address))) {
      return callback(new Error(`${hostname} leads to an address that is not public`), '');
    }
    if (options.all === true) callback(null, found);
    else callback(null, first.address, first.family);
  });
};

/** A URL whose host is an address itself is never resolved: it is looked at here. */
export function leadsInside(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isLoopback(url) || (isIP(host) !== 0 && !isPublicAddress(host));
}
