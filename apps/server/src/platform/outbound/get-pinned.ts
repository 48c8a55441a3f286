import { request } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { ok, type Result } from '@breakwater/kernel';
import { type OutboundCode, stopped } from './refused.ts';

/** What a connection is bound to before it is made. */
export interface Pinned {
  /** The addresses that were judged; no other one is connected to. */
  readonly addresses: readonly string[];
  readonly ca: readonly string[] | null;
  /** Ends everything when the time is up. */
  readonly signal: AbortSignal;
}

/** One answer, unjudged. */
export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
}

const bytesMax = 64 * 1024;

/** One GET to the addresses given, whatever the name of `url` means by now. */
export async function getPinned(url: URL, pinned: Pinned): Promise<Result<Answer, OutboundCode>> {
  const { addresses, ca, signal } = pinned;
  const known = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  const lookup: LookupFunction = (_name, options, callback) => {
    const [first] = known;
    if (first === undefined) return callback(new Error('no address was judged'), '', 0);
    return options.all === true
      ? callback(null, known)
      : callback(null, first.address, first.family);
  };
  return await new Promise((resolve) => {
    const fail = (got: string) => resolve(stopped('unreachable', url.href, got));
    const out = request(
      url,
      {
        method: 'GET',
        headers: { accept: 'text/plain, */*;q=0.1', 'accept-encoding': 'identity' },
        agent: false,
        lookup,
        signal,
        maxHeaderSize: 16 * 1024,
        rejectUnauthorized: true,
        ...(ca === null ? {} : { ca: [...ca] }),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= bytesMax) return chunks.push(chunk);
          resolve(stopped('answer-too-large', url.href, `more than ${bytesMax} bytes`));
          return answer.destroy();
        });
        answer.once('error', (error) => fail(told(error)));
        answer.once('close', () => fail('an answer that broke off'));
        answer.once('end', () =>
          resolve(
            ok({
              status: answer.statusCode ?? 0,
              location: answer.headers.location ?? null,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          ),
        );
      },
    );
    out.once('error', (error) => fail(told(error)));
    out.end();
  });
}

/**
 * What went wrong, as far as it is the asker's to know: what stands at another port of somebody's
 * machine is not, so that nobody looks for open ports by us.
 */
function told(error: Error): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  const code: unknown = Reflect.get(error, 'code');
  const certificate = typeof code === 'string' && /CERT|ALTNAME|SELF_SIGNED|VERIFY/.test(code);
  return certificate ? `a certificate that does not hold (${code})` : 'no connection over https';
}
