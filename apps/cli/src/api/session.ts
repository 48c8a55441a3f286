import { type Client, createClient, type Problem, ProblemError } from '@breakwater/contract';
import { z } from 'zod';
import type { Context, Given } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { reasonOf } from '../files.ts';
import { Json, optionsOf } from '../options.ts';
import { Stop } from '../stop.ts';

const waitMs = 120_000;
/** No answer of the server is longer: a file of 8 MiB, or a page of what is in it. */
const answerBytesMax = 64 * 1024 * 1024;

/** Options of every command that speaks to a server. */
export const ServerOptions = z.object({
  ...Json,
  server: z.string().optional(),
  key: z.string().optional(),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{8,120}$/, '8 to 120 visible characters')
    .optional(),
});

/** A client for the server that options or environment name. */
export function sessionFor(given: Given, context: Context): Client {
  const options = optionsOf(ServerOptions, given);
  const baseUrl = addressOf(options.server ?? context.environment.server);
  const key = options.key ?? context.environment.key;
  const { idempotencyKey } = options;
  return createClient({
    baseUrl,
    ...(key === undefined ? {} : { key }),
    ...(idempotencyKey === undefined ? {} : { makeIdempotencyKey: () => idempotencyKey }),
    fetch: (url, init) => send(url, init, context.signal),
  });
}

/** The same, for what has to reach the server after Ctrl-C too: what is held is given back. */
export function lastingSession(given: Given, context: Context): Client {
  return sessionFor(given, { ...context, signal: new AbortController().signal });
}

/** The address of the server, with nothing at its end; another form ends the command. */
export function addressOf(text: string | undefined): string {
  const address = text ?? 'http://127.0.0.1:8420';
  const url = URL.canParse(address) ? new URL(address) : null;
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url?.hostname ?? '');
  // A key sent in the clear belongs to everyone on the way.
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) {
    return address.replace(/\/+$/, '');
  }
  throw new Stop({
    code: 'address-refused',
    expected: 'an address with https, or with http on this machine',
    got: address,
    todo: 'give the server with --server or BREAKWATER_SERVER',
  });
}

async function send(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  try {
    const bounds = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    const response = await fetch(url, { ...init, redirect: 'error', signal: bounds });
    return boundedResponse(response);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Stop(
      {
        code: 'server-unreachable',
        expected: `an answer from ${new URL(url).origin}`,
        got: causeOf(cause),
        todo: `check --server or BREAKWATER_SERVER, and that the server runs (npm start)${againWith(init)}`,
      },
      exitCodes.noServer,
    );
  }
}

/** A write may have arrived although its answer did not: the same key makes it happen once. */
function againWith({ headers }: RequestInit): string {
  const key = new Headers(headers).get('idempotency-key');
  return key === null ? '' : `; repeat it with --idempotency-key ${key}`;
}

function causeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === 'ECONNREFUSED' ? 'nobody listens there' : reasonOf(cause);
}

/** The same answer, whose body breaks off where it would fill the memory. */
export function boundedResponse(response: Response): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      bytes += part.length;
      if (bytes > answerBytesMax) controller.error(new Error('the answer is too long'));
      else controller.enqueue(part);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
}

/** Waits for an answer; a problem the server names ends the command in its words. */
export async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ProblemError) throw new Stop(refusalOf(error.problem));
    if (error instanceof Stop) throw error;
    if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    throw new Stop({
      code: 'answer-malformed',
      expected: 'an answer in the published form',
      got: 'another form',
      todo: 'check that the address is a Breakwater server of this version',
    });
  }
}

/** The answer, or null where the server says that this caller may not have it. */
export async function permitted<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ProblemError && [403, 404].includes(error.problem.status)) return null;
    return await answered(Promise.reject(error));
  }
}

/** The refusal in a server's answer. */
export function refusalOf({ code, expected, got, todo, pointer }: Problem) {
  return { code, expected, got, todo, ...(pointer === undefined ? {} : { pointer }) };
}
