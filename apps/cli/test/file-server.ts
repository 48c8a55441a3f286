import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** A file as a server has it, and how it fails. */
export interface Served {
  data: Uint8Array;
  etag?: string;
  lastModified?: string;
  /** Closes the connection after so many bytes of an answer, so many times, once `ready` is. */
  cut?: { readonly after: number; times: number; readonly ready: () => Promise<void> };
  /** Redirects instead. */
  location?: string;
  /** Answers so instead. */
  status?: number;
}

/** A server of files with ranges and validators (RFC 9110), on a free port. */
export async function fileServer(files: Record<string, Served>) {
  const seen: { url: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    seen.push({ url, headers });
    const file = files[url];
    if (file === undefined) response.writeHead(404).end();
    else answer(file, headers, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
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

function answer(file: Served, headers: IncomingHttpHeaders, response: ServerResponse): void {
  const { data, etag, lastModified, location, status } = file;
  if (location !== undefined) return void response.writeHead(302, { location }).end();
  if (status !== undefined) return void response.writeHead(status).end();
  const validators = {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { 'last-modified': lastModified }),
  };
  const unchanged =
    (etag !== undefined && headers['if-none-match'] === etag) ||
    (lastModified !== undefined && headers['if-modified-since'] === lastModified);
  if (unchanged) return void response.writeHead(304, validators).end();
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  const same = [etag, lastModified].includes(String(headers['if-range']));
  const start = from !== undefined && same ? Number(from) : 0;
  if (start > 0 && start >= data.length) return void response.writeHead(416).end();
  const part = data.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, {
    ...validators,
    'content-length': part.length,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` } : {}),
  });
  const { cut } = file;
  if (cut === undefined || cut.times === 0) return void response.end(part);
  cut.times -= 1;
  response.write(part.subarray(0, cut.after));
  void cut.ready().finally(() => response.destroy());
}
