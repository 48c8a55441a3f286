import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Counter } from 'prom-client';
import { expect, test } from 'vitest';
import { serveMetrics } from './gateway-metrics.ts';

function get(socketPath: string, url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: url }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

test('metrics are told on a socket that its user alone may open, and it is gone with them', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'breakwater-metrics-'));
  const socket = path.join(directory, 'gateway', 'metrics-1.sock');
  const metrics = await serveMetrics(socket);
  new Counter({ name: 'told_total', help: 'told', registers: [metrics.registry] }).inc();
  expect((await stat(socket)).mode & 0o777).toBe(0o600);
  const told = await get(socket, '/metrics');
  expect(told.status).toBe(200);
  expect(told.text).toContain('\ntold_total 1\n');
  expect((await get(socket, '/')).status).toBe(404);
  await metrics.close();
  await expect(stat(socket)).rejects.toThrow();
  await rm(directory, { recursive: true });
});
