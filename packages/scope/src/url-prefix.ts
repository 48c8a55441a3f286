import { ok, type Result } from '@breakwater/kernel';
import { parseAddress } from './address.ts';
import { hostLineage, hostName } from './host.ts';
import { network } from './network.ts';
import { urlSegments } from './path.ts';
import { refusal } from './refusal.ts';
import { targetLengthMax, type UrlTarget } from './target.ts';

/** A WebSocket is opened by a request to the same server (RFC 6455 §3). */
const schemes: ReadonlyMap<string, 'http' | 'https'> = new Map([
  ['http', 'http'],
  ['https', 'https'],
  ['ws', 'http'],
  ['wss', 'https'],
]);

const defaultPorts = { http: 80, https: 443 } as const;

const shape = /^([a-z]+):\/\/([^/?#]*)([^?#]*)(.*)$/i;

/**
 * Parses the prefix of the URLs of a live system (RFC 3986): scheme, host and port, and a path by
 * whole segments. Userinfo, a query and a fragment are refused: they name no place.
 */
export function parseUrlPrefix(text: string): Result<UrlTarget, 'url-malformed'> {
  const [, schemeText = '', authority = '', pathText = '', rest = ''] = shape.exec(text) ?? [];
  const scheme = schemes.get(schemeText.toLowerCase());
  if (scheme === undefined) return malformed(text, 'begin it with https:// or http://');
  if (rest !== '') return malformed(text, 'leave out the query and the fragment');
  if (authority.includes('@')) return malformed(text, 'leave out the user name and password');
  const place = hostAndPort(authority);
  if (place === null) return malformed(text, 'name one host, and a port from 1 to 65535 if any');
  const segments = urlSegments(pathText);
  if (segments === null) return malformed(text, 'write the path without encoded slashes');
  const port = place.port ?? defaultPorts[scheme];
  const path = segments.length === 0 ? '/' : `/${segments.join('/')}/`;
  const { host, lineage } = place;
  const written = host.includes(':') ? `[${host}]` : host;
  const shown = port === defaultPorts[scheme] ? written : `${written}:${port}`;
  const target = {
    text: `${scheme}://${shown}${path}`,
    lineage: `${lineage}${scheme}:${port}${path}`,
  };
  if (target.lineage.length > targetLengthMax) return malformed(text, 'name a shorter path');
  return ok({ kind: 'url', ...target, scheme, host, port, path });
}

function hostAndPort(authority: string): {
  readonly host: string;
  readonly lineage: string;
  readonly port: number | null;
} | null {
  const [, bracketed, plain = '', digits] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{0,5}))?$/.exec(authority) ?? [];
  const port = digits === undefined || digits === '' ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  const address = parseAddress(bracketed ?? plain);
  if (address !== null && bracketed?.includes(':') !== false) {
    const one = network(address, address.bits.length);
    return { host: one.address, lineage: one.lineage, port };
  }
  const name = bracketed === undefined ? hostName(decodedName(plain)) : null;
  if (name === null || !name.includes('.')) return null;
  return { host: name, lineage: hostLineage(name.split('.'), false), port };
}

/** RFC 3986 §3.2.2 lets a name be percent-encoded; what is broken stays as it is and is refused. */
function decodedName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function malformed(text: string, todo: string) {
  const expected = 'an URL prefix of one live system, such as https://www.example.org/app/';
  return refusal('url-malformed', text, { expected, todo });
}
