import { createServer, type IncomingMessage, request as requestOver } from 'node:http';
import { duplexPair } from 'node:stream';
import { type Id, parseId } from '@breakwater/kernel';
import type { Admitted } from '../model.ts';
import type { NotKnown } from './admission.ts';
import { parseAsked } from './asked.ts';
import { Exchange } from './exchange.ts';
import type { HandleParts } from './handle.ts';
import { retryAfterOf } from './retry.ts';

/** A call of the gateway's own, for a job that a partner handed in. */
export interface InsideCall {
  readonly job: Id<'job'>;
  /** SHA-256 of the secret of the key that the job was handed in by, in hex. */
  readonly hash: string;
  /** What is asked of the model, once the key is known. */
  ask(admitted: Admitted): { readonly kind: 'chat' | 'messages'; readonly body: Buffer };
  /** How long it may take in all, in milliseconds. */
  readonly msMax: number;
}

export interface InsideEnd {
  readonly status: number;
  readonly body: Buffer;
  /** What it was recorded as; null where nothing was begun. */
  readonly request: Id<'request'> | null;
  /** Of the gateway's own; null where it let the call through, whatever came of that. */
  readonly refusal: InsideRefusal | null;
}

export interface InsideRefusal {
  readonly code: string;
  /** Seconds until it may be tried again; null: nothing says so. */
  readonly retryAfter: number | null;
}

/** An answer beyond it is broken off: a template's limit of output stays far below. */
const answerBytesMax = 16 * 1024 * 1024;

const pathOf = { chat: '/v1/chat/completions', messages: '/v1/messages' } as const;

/**
 * Carries out a call as if it had come by the wire: the same meters, upstreams, watch, record and
 * cut-off, over a connection that lies in memory. The one difference: no secret is shown, because
 * whoever handed the job in was known at the door of the server. Never rejects.
 */
export async function carryOutInside(
  parts: HandleParts,
  call: InsideCall,
): Promise<InsideEnd | NotKnown> {
  const found = parts.admission.find(call.hash);
  const known = found instanceof Promise ? await found : found;
  if (typeof known === 'string') return known;
  const { kind, body } = call.ask(known.admitted);
  const asked = parseAsked(kind, body);
  if (!asked.ok) throw new Error(`a job that no call can be made of: ${asked.refusal.got}`);
  const wire = kind === 'messages' ? ('anthropic' as const) : ('openai' as const);
  const { promise: carried, resolve: done } = Promise.withResolvers<void>();
  let code: string | null = null;
  const telemetry: HandleParts['telemetry'] = {
    onRefused(why) {
      code = why;
      parts.telemetry.onRefused(why);
    },
    onSettled: (settled) => parts.telemetry.onSettled(settled),
  };
  const server = createServer((request, response) => {
    const came = { request, response, wire, known, asked: asked.value, address: null };
    request.on('error', () => {}).resume();
    response.on('error', () => {});
    new Exchange({ ...parts, telemetry }, { ...came, job: call.job })
      .run()
      .catch(parts.failed)
      .finally(done);
  });
  const [near, far] = duplexPair();
  server.emit('connection', far);
  try {
    const { retryAfter, ...answer } = await new Promise<Answer>((resolve) => {
      const broken = () =>
        resolve({ status: 599, body: Buffer.alloc(0), request: null, retryAfter: null });
      const outgoing = requestOver(
        {
          method: 'POST',
          path: pathOf[kind],
          createConnection: () => near,
          headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
          signal: AbortSignal.timeout(call.msMax),
        },
        (answer) => void gather(answer).then(resolve, broken),
      );
      outgoing.on('error', broken).end();
    });
    return { ...answer, refusal: code === null ? null : { code, retryAfter } };
  } finally {
    near.destroy();
    await carried;
    server.close();
  }
}

type Answer = Omit<InsideEnd, 'refusal'> & Pick<InsideRefusal, 'retryAfter'>;

async function gather(answer: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of answer) {
    if (!Buffer.isBuffer(piece)) throw new TypeError('expected bytes');
    length += piece.length;
    if (length > answerBytesMax) throw new RangeError('an answer that does not end');
    pieces.push(piece);
  }
  const told = answer.headers['x-breakwater-request'];
  return {
    status: answer.statusCode ?? 599,
    body: Buffer.concat(pieces),
    request: typeof told === 'string' ? parseId('request', told) : null,
    retryAfter: retryAfterOf(answer.headers['retry-after']),
  };
}
