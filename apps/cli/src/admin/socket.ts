import { request } from 'node:http';
import path from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { reasonOf } from '../files.ts';
import { Stop } from '../stop.ts';

const waitMs = 120_000;
const answerBytesMax = 64 * 1024 * 1024;

/** Sends requests over the socket in the data directory: who may open it is the administrator. */
export function socketFetch(dataDirectory: string, signal: AbortSignal) {
  const socketPath = path.join(dataDirectory, 'admin.sock');
  return (url: string, init: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      const { pathname, search } = new URL(url);
      const headers = Object.fromEntries(new Headers(init.headers));
      const bounds = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
      const method = init.method ?? 'GET';
      const call = request(
        { socketPath, path: pathname + search, method, headers, signal: bounds },
        (answer) => {
          const parts: Buffer[] = [];
          let bytes = 0;
          answer.on('data', (part: Buffer) => {
            bytes += part.length;
            if (bytes > answerBytesMax) answer.destroy(new Error('the answer is too long'));
            else parts.push(part);
          });
          answer.on('error', (error) => reject(notRunning(dataDirectory, error)));
          answer.on('end', () =>
            resolve(new Response(Buffer.concat(parts), { status: answer.statusCode ?? 500 })),
          );
        },
      );
      call.on('error', (error) => reject(notRunning(dataDirectory, error)));
      call.end(typeof init.body === 'string' ? init.body : undefined);
    });
}

function notRunning(dataDirectory: string, error: Error): Stop {
  const code = 'code' in error ? String(error.code) : '';
  const absent = code === 'ENOENT' || code === 'ECONNREFUSED';
  return new Stop(
    {
      code: 'server-not-running',
      expected: `a server running on the data directory ${dataDirectory}`,
      got: absent ? 'none' : reasonOf(error),
      todo: 'start it with npm start, or name its data directory with --data-directory',
    },
    exitCodes.noServer,
  );
}
