import { lookup } from 'node:dns';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackName, isPublicAddress } from '../edge/addresses.ts';

const bytesMax = 1024 * 1024;
const waitMsMax = 10_000;

/** Raised for an address that is not asked; the message tells no more than the address did. */
export class AddressNotAllowed extends Error {
  override readonly name = 'AddressNotAllowed';
}

export interface SafeRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/**
 * Fetches an address that somebody outside may have chosen. https only, to the open net only: the
 * address that was judged is the one that is connected to, so a name cannot mean another one a
 * moment later. No redirect is followed; at most 1 MiB in 10 seconds. `localOrigins` may stand
 * anywhere, those on loopback in plain http as well.
 */
export async function safeFetch(
  address: string,
  wish: SafeRequest,
  localOrigins: readonly string[],
): Promise<Response> {
  const url = new URL(address);
  const local = localOrigins.includes(url.origin);
  if (!isAllowed(url, local)) throw new AddressNotAllowed(`${url.origin} is not asked`);
  const signal = AbortSignal.timeout(waitMsMax);
  const options = {
    method: wish.method,
    headers: { ...wish.headers, 'accept-encoding': 'identity' },
    signal,
    agent: false as const,
    ...(local ? {} : { lookup: publicLookup }),
  };
  return await new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? request : plainRequest;
    const out = send(url, options, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > bytesMax) answer.destroy(new Error(`more than ${bytesMax} bytes were answered`));
        else chunks.push(chunk);
      });
      answer.once('error', reject);
      answer.once('end', () => resolve(responseOf(answer, Buffer.concat(chunks))));
    });
    out.once('error', reject);
    out.end(wish.body);
  });
}

/** Whether an issuer at this address could be asked at all, as far as the text tells. */
export function isAllowed(url: URL, local: boolean): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (local) return url.protocol === 'https:' || isLoopbackName(url.hostname);
  if (url.protocol !== 'https:') return false;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A literal address is never looked up, so it is judged here.
  return isIP(host) === 0 ? !isLoopbackName(host) : isPublicAddress(host);
}

/** Answers with public addresses only; a name that has none cannot be connected to. */
export const publicLookup: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 0);
    const allowed = found.filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (first === undefined || allowed.length < found.length) {
      return callback(new AddressNotAllowed(`${name} is not on the open net`), '', 0);
    }
    return options.all === true
      ? callback(null, allowed)
      : callback(null, first.address, first.family);
  });
};

function responseOf(
  answer: { statusCode?: number | undefined; headers: NodeJS.Dict<string | string[]> },
  bytes: Buffer,
): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const status = answer.statusCode ?? 502;
  const bare = status === 204 || status === 304 || status < 200;
  return new Response(bare ? null : new Uint8Array(bytes), {
    status: status < 200 ? 502 : status,
    headers,
  });
}
