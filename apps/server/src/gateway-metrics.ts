import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { listenPlainly } from './platform/edge/listen.ts';

export interface OwnMetrics {
  readonly registry: Registry;
  close(): Promise<void>;
}

/**
 * Metrics of a process that has no administrator's socket: they are told, as Prometheus reads them,
 * at `/metrics` of a socket of their own, to whoever may open that. Rejects where it cannot be made.
 */
export async function serveMetrics(socket: string): Promise<OwnMetrics> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  await mkdir(path.dirname(socket), { recursive: true, mode: 0o700 });
  // What a process of the same number left behind when it was killed.
  await rm(socket, { force: true });
  const listening = await listenPlainly({
    where: { path: socket },
    tls: null,
    reloaded: () => {},
    handle(request, response) {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      registry.metrics().then(
        (text) => response.setHeader('content-type', registry.contentType).end(text),
        () => response.writeHead(500).end(),
      );
    },
  });
  await chmod(socket, 0o600);
  return {
    registry,
    async close() {
      await listening.close();
      await rm(socket, { force: true });
    },
  };
}
