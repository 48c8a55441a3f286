import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { sha256, utf8 } from '@breakwater/kernel';

/** An answer to an agent: JSON, or pieces of an event stream. */
export type BridgeAnswer =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: 200; readonly events: readonly string[] };

export interface BridgeAsked {
  readonly method: string;
  readonly path: string;
  /** Parsed; undefined where there is none, or no JSON. */
  readonly body: unknown;
}

export interface BridgeServer extends AsyncDisposable {
  readonly address: string;
}

const bodyBytesMax = 64 * 1024 * 1024;

/**
 * Listens on this machine's loopback for one agent, which shows `token`. Anything that is thrown
 * while an answer is made is the agent's no more than ours: it is told 500, and `onFault` the rest.
 */
export async function startBridge(
  token: string,
  answer: (asked: BridgeAsked) => Promise<BridgeAnswer>,
  onFault: (error: unknown) => void,
): Promise<BridgeServer> {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      onFault(error);
      if (!response.headersSent) send(response, { status: 500, json: problem('a fault') });
      response.destroy();
    });
  });
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    if (!isKnown(request.headers.authorization, token)) {
      send(response, { status: 401, json: problem('another token was expected') });
      return;
    }
    const text = await bodyOf(request);
    if (text === null) {
      send(response, { status: 413, json: problem(`at most ${bodyBytesMax} bytes`) });
      return;
    }
    const { method = '', url = '' } = request;
    send(response, await answer({ method, path: url, body: jsonOf(text) }));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    address: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An error as OpenAI's API tells one. */
export function problem(message: string, type = 'invalid_request_error') {
  return { error: { message, type } };
}

// Digests have one length, so that the comparison tells nothing of the token's.
function isKnown(given: string | undefined, token: string): boolean {
  return timingSafeEqual(sha256(utf8(given ?? '')), sha256(utf8(`Bearer ${token}`)));
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, answer: BridgeAnswer): void {
  if ('events' in answer) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of answer.events) response.write(event);
    response.end();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer.json));
}
