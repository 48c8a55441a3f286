import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress, parseNetworks } from '../edge/addresses.ts';

/** Addresses that may be connected to. */
export interface Reach {
  has(address: string): boolean;
}

/** Stands in a list of networks for the open net. */
export const openNet = 'public';

/**
 * What `entries` name: networks (`10.20.0.0/16`, `fd00::/8`, `127.0.0.1`), and {@link openNet} for
 * all that belongs to the public; null: one is neither. The open net has no address of this machine
 * or of a network behind it, whichever form of IPv6 it is wrapped in.
 */
export function parseReach(entries: readonly string[]): Reach | null {
  const networks = parseNetworks(entries.filter((entry) => entry !== openNet));
  if (networks === null) return null;
  const isOpen = entries.includes(openNet);
  return { has: (address) => networks.has(address) || (isOpen && isPublicAddress(address)) };
}

/** As {@link parseReach}, of what the settings were held against before. */
export function reachOf(entries: readonly string[]): Reach {
  const reach = parseReach(entries);
  if (reach === null) throw new Error('the settings name a network that is none');
  return reach;
}

/** Raised for a name or an address that does not lead to where may be connected to. */
export class BeyondReach extends Error {
  override readonly name = 'BeyondReach';
  readonly code = 'BEYOND_REACH';
}

/** As `lookup` of node:dns, asked for all addresses. */
export type Resolve = (
  name: string,
  options: { readonly all: true },
  callback: (
    error: NodeJS.ErrnoException | null,
    found: readonly { readonly address: string; readonly family: number }[],
  ) => void,
) => void;

/**
 * Resolves names for connections, and judges each address in the very answer that is connected to:
 * a name that means another one a moment later gains nothing. One address that may not be reached
 * spoils the rest. Asked by the machine's own way (its file of hosts with it), once at a time for
 * each name, since each question holds one of the process's few threads until it is answered.
 *
 * A host that is an address itself is never resolved: whoever connects asks {@link hostBeyond} too.
 */
export function lookupWithin(reach: Reach, resolve: Resolve = lookup): LookupFunction {
  const asked = new Map<string, Parameters<LookupFunction>[2][]>();
  return (name, options, callback) => {
    const answer: typeof callback = (error, addresses) => {
      const [first] = Array.isArray(addresses) ? addresses : [];
      if (error !== null || first === undefined || options.all === true) callback(error, addresses);
      else callback(null, first.address, first.family);
    };
    const waiting = asked.get(name);
    if (waiting !== undefined) return void waiting.push(answer);
    asked.set(name, [answer]);
    resolve(name, { all: true }, (error, found) => {
      const all = asked.get(name) ?? [];
      asked.delete(name);
      const may = found?.length > 0 && found.every(({ address }) => reach.has(address));
      const no =
        error ?? (may ? null : new BeyondReach(`${name} leads beyond what may be reached`));
      for (const each of all) each(no, no === null ? [...found] : []);
    });
  };
}

/** Whether a host, as URLs write it, is an address by itself that may not be connected to. */
export function hostBeyond(reach: Reach, host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 && !reach.has(address);
}
