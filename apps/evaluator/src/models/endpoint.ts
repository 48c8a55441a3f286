import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { LanguageModel } from 'ai';
import type { ModelEndpoint } from './model.ts';

/** Says before a request is sent whether it may be; throws where it may not. */
export type Departure = (body: string) => void;

/** An answer of more bytes than this many is not what was asked for, whatever it is. */
const answerBytesMax = 64 * 1024 * 1024;

/** The SDK tells warnings on the console unless told otherwise; a transcript is not for there. */
globalThis.AI_SDK_LOG_WARNINGS = false;

export type EndpointRefusal = 'endpoint-malformed' | 'key-unprotected';

/**
 * Whether an endpoint can be spoken to: http or https, and a key only over https or to this very
 * machine. Refusals: `endpoint-malformed`, `key-unprotected`.
 */
export function conformEndpoint(endpoint: ModelEndpoint): Result<ModelEndpoint, EndpointRefusal> {
  const url = URL.parse(endpoint.url);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  const hasMore = url?.username || url?.password || url?.search || url?.hash;
  if (url === null || !isWeb || hasMore) {
    return refuse({
      code: 'endpoint-malformed',
      expected: 'an address such as https://host/v1, without a name, a password or a query in it',
      // Nothing of what may be a secret is repeated.
      got: url === null ? 'no address' : `${url.protocol}//${url.host}, with more than a path`,
      todo: 'name the base of the API; keys come from an environment variable',
    });
  }
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (endpoint.key !== null && url.protocol === 'http:' && !isHere) {
    return refuse({
      code: 'key-unprotected',
      expected: 'https, since a key is sent',
      got: `http to ${url.hostname}`,
      todo: 'use https, or reach the endpoint through this machine (127.0.0.1)',
    });
  }
  return ok(endpoint);
}

/** The model behind an endpoint, by the protocol it speaks. */
export function languageModel(endpoint: ModelEndpoint, departure: Departure): LanguageModel {
  const { api, url, model, key } = endpoint;
  const options = { baseURL: url, fetch: guardedFetch(departure, key) };
  switch (api) {
    case 'anthropic':
      // Left out, the SDK would take a key from the environment by itself.
      return createAnthropic({ ...options, apiKey: key ?? '' })(model);
    case 'openai':
      return createOpenAICompatible({
        ...options,
        name: 'openai',
        includeUsage: true,
        ...(key !== null && { apiKey: key }),
        transformRequestBody: outputLimitFor(url),
      })(model);
  }
}

/** OpenAI's own service takes the limit under a newer name and refuses the older for some models. */
function outputLimitFor(url: string) {
  const isOwn = URL.parse(url)?.hostname === 'api.openai.com';
  return (body: Record<string, unknown>): Record<string, unknown> => {
    if (!isOwn) return body;
    const { max_tokens: limit, ...others } = body;
    return { ...others, max_completion_tokens: limit };
  };
}

/** A redirect would carry the key to whoever is named there, so none is followed. */
function guardedFetch(departure: Departure, key: string | null): typeof fetch {
  return async (input, init = {}) => {
    if (typeof init.body !== 'string') throw new Error('a request without text');
    departure(init.body);
    const headers = new Headers(init.headers);
    if (key === null) headers.delete('x-api-key');
    const response = await fetch(input, { ...init, headers, redirect: 'error' });
    if (response.body === null) return response;
    const { status, statusText } = response;
    const body = response.body.pipeThrough(atMost(answerBytesMax));
    return new Response(body, { status, statusText, headers: response.headers });
  };
}

/** An answer that went over its bound in bytes. */
export class OverLong extends Error {
  override readonly name = 'OverLong';
}

function atMost(bytesMax: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new OverLong(`an answer of more than ${bytesMax} bytes`);
      controller.enqueue(chunk);
    },
  });
}
