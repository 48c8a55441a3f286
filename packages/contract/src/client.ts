import type { z } from 'zod';
import type { Body, Operation, Output, Params, Query } from './operation.ts';
import { Problem } from './problem.ts';

export interface ClientOptions {
  readonly baseUrl: string;
  /** API key; absent for public operations. */
  readonly key?: string;
  /** How requests travel; the platform's own fetch unless told (a unix socket, a test). */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Makes an idempotency key for a write that brings none. */
  readonly makeIdempotencyKey?: () => string;
}

export interface CallInput<T extends Operation> {
  readonly params?: Params<T>;
  readonly query?: Partial<Query<T>>;
  readonly body?: z.input<T['body']> & Body<T>;
  readonly idempotencyKey?: string;
}

/** The server said no, and why: `problem` is its RFC 9457 answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Builds a client that speaks the contract and nothing else. */
export function createClient(options: ClientOptions) {
  const send = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const makeKey = options.makeIdempotencyKey ?? (() => crypto.randomUUID());

  async function request(operation: Operation, input: LooseInput): Promise<Response> {
    const headers: Record<string, string> = { accept: operation.file ?? 'application/json' };
    if (options.key !== undefined) headers['authorization'] = `Bearer ${options.key}`;
    if (operation.method === 'POST') {
      headers['content-type'] = 'application/json';
      headers['idempotency-key'] = input.idempotencyKey ?? makeKey();
    }
    const url =
      options.baseUrl +
      fillPath(operation.path, input.params ?? {}) +
      queryString(input.query ?? {});
    const body = operation.method === 'POST' ? JSON.stringify(input.body ?? null) : null;
    const response = await send(url, { method: operation.method, headers, body });
    if (!response.ok) throw new ProblemError(await readProblem(response));
    return response;
  }

  return {
    /** Calls an operation; resolves with its parsed output, throws ProblemError on a refusal. */
    async call<T extends Operation>(operation: T, input: CallInput<T> = {}): Promise<Output<T>> {
      const response = await request(operation, input as LooseInput); // same shape, types erased
      return operation.output.parse(await response.json()) as Output<T>; // parsed on this line
    },
    /** Downloads the bytes of an operation that answers with a file. */
    async download<T extends Operation>(
      operation: T,
      input: CallInput<T> = {},
    ): Promise<Uint8Array> {
      const response = await request(operation, input as LooseInput); // same shape, types erased
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

export type Client = ReturnType<typeof createClient>;

interface LooseInput {
  readonly params?: Record<string, unknown>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

/** Puts path parameters in, percent-encoded. */
export function fillPath(path: string, params: Record<string, unknown>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryString(query: Record<string, unknown>): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  return entries.length === 0
    ? ''
    : `?${new URLSearchParams(entries.map(([k, v]) => [k, String(v)]))}`;
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return Problem.parse(JSON.parse(text));
  } catch {
    return {
      type: 'about:blank',
      title: 'Unexpected answer',
      status: response.status,
      detail: `the server answered ${response.status} without saying why`,
      code: 'unexpected-answer',
      expected: 'an answer in the published form',
      got: text.slice(0, 200),
      todo: 'check that the address is a Breakwater server',
    };
  }
}
