import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One request, as the fake server got it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | string[] | undefined;
  readonly body: unknown;
}

/** Answers by `METHOD /path?query`: a status and a JSON value, or bytes. */
export type Answers = Readonly<Record<string, readonly [status: number, value: unknown]>>;

export interface FakeServer extends AsyncDisposable {
  readonly address: string;
  readonly seen: readonly Seen[];
}

/** A server of given answers, on a free port or a unix socket; anything else is a 404. */
export async function fakeServer(answers: Answers, socket?: string): Promise<FakeServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const { authorization } = headers;
      seen.push({ method, url, authorization, idempotencyKey: headers['idempotency-key'], body });
      answer(response, answers[`${method} ${url}`] ?? [404, { code: 'no such answer' }]);
    });
  });
  await new Promise<void>((resolve) => {
    if (socket === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(socket, resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: `http://127.0.0.1:${port}`,
    seen,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

async function read(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function answer(response: ServerResponse, [status, value]: readonly [number, unknown]): void {
  const file = value instanceof Uint8Array;
  response.writeHead(status, { 'content-type': file ? 'text/plain' : 'application/json' });
  response.end(file ? value : JSON.stringify(value));
}

/** A problem as the server words it. */
export function problem(status: number, code: string) {
  return {
    type: `urn:breakwater:problem:${code}`,
    title: code,
    status,
    detail: 'no',
    code,
    expected: 'another thing',
    got: 'this one',
    todo: 'change it',
  };
}
