import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { ok, type Result, refuse } from '@breakwater/kernel';

/**
 * Holds a run's folder for this process. The lock is a socket without a file (Linux): it is gone
 * when the process is, however it ends, so that a killed run can be resumed at once and a lock that
 * was left behind is never mistaken for a runner. It holds among the processes of one machine.
 */
export async function lockRun(folder: string): Promise<Result<AsyncDisposable, 'run-is-running'>> {
  const { dev, ino } = await stat(folder);
  const server = createServer((socket) => socket.destroy());
  try {
    const listening = once(server, 'listening');
    server.listen(`\0breakwater-run-${dev}-${ino}`);
    await listening;
  } catch (error) {
    if (!isTaken(error)) throw error;
    return refuse({
      code: 'run-is-running',
      expected: 'a run that nobody works on',
      got: `another process works on ${folder}`,
      todo: 'wait for it, or stop it first',
    });
  }
  server.unref();
  return ok({
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
