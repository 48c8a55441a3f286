import type { ServerResponse } from 'node:http';
import type { Refusal } from '@breakwater/kernel';
import type { CallKind } from './figures.ts';

/** In whose form a call came, and is answered. */
export type Wire = 'openai' | 'anthropic';

/** In whose form a kind of call is. */
export function wireOf(kind: CallKind): Wire {
  return kind === 'messages' || kind === 'count-tokens' ? 'anthropic' : 'openai';
}

/** A refusal as it is sent: a status of HTTP, and headers beside those of every answer. */
export interface WireRefusal {
  readonly status: number;
  readonly refusal: Refusal;
  /** Seconds after which to come again. */
  readonly retryAfter?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What the wires' own clients branch on. */
const openAiType: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'invalid_request_error',
  429: 'rate_limit_error',
};
const anthropicType: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** The body of a refusal in the form of a wire (the OpenAI and Anthropic API references, "Errors"). */
export function refusalBody(wire: Wire, { status, refusal }: WireRefusal): string {
  const { code, expected, got, todo } = refusal;
  const message = `expected ${expected}, got ${got}; ${todo}`;
  if (wire === 'anthropic') {
    const type = anthropicType[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
    return JSON.stringify({ type: 'error', error: { type, message, code } });
  }
  const type = openAiType[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error');
  return JSON.stringify({ error: { message, type, code, param: null } });
}

/** Answers with a refusal, where nothing was answered yet. */
export function sendRefusal(response: ServerResponse, wire: Wire, refused: WireRefusal): void {
  if (response.headersSent || response.destroyed) return;
  const body = refusalBody(wire, refused);
  const retry = refused.retryAfter;
  response.writeHead(refused.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(retry === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retry))) }),
    ...refused.headers,
  });
  response.end(body);
}

/** A refusal of a call for what it is, not for what is left of anything. */
export function refused(status: number, refusal: Refusal): WireRefusal {
  return { status, refusal };
}
