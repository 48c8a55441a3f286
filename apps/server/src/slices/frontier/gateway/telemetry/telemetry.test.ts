import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Id, Instant } from '@breakwater/kernel';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { newId } from '../../../../platform/clock/clock.ts';
import type { RequestRow } from '../record/request-row.ts';
import { noPlaces } from '../watch/places.ts';
import { createWatcher } from '../watch/watcher.ts';
import { openOtlp } from './otlp.ts';
import { countFor } from './prometheus.ts';

const model = newId('model');
function row(more: Partial<RequestRow> = {}): RequestRow {
  return {
    id: newId('request'),
    key: newId('gkey'),
    holder: newId('member'),
    party: newId('party'),
    developer: newId('party'),
    standsOn: newId('grant'),
    model,
    upstream: newId('upstream'),
    process: 'p-1',
    startedAt: '2026-11-22T10:00:00.000Z' as Instant,
    endedAt: '2026-11-22T10:00:02.500Z' as Instant,
    path: 'chat',
    job: null,
    stream: true,
    status: 200,
    figures: 'upstream',
    reserved: { inputTokens: 100, outputTokens: 100, costMicros: 9 },
    settled: { inputTokens: 12, outputTokens: 34, costMicros: 5 },
    currency: null,
    requestDigest: `sha256:${'0'.repeat(64)}`,
    responseDigest: null,
    marks: ['canary-in-answer'],
    salt: '0'.repeat(64),
    ...more,
  };
}

/** Ids of a row by which a reader could tell whose call it was. */
const whose = ({ key, holder, party, developer, standsOn, upstream }: RequestRow) =>
  [key, holder, party, developer, standsOn, upstream].filter((id): id is Id<'gkey'> => id !== null);

const parts = { process: 'p-1', everyMs: 60_000, closeMsMax: 10_000 };

test('spans and metrics of the conventions reach a receiver, and tell of nobody', async () => {
  const received = new Map<string, string>();
  const receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.set(request.url ?? '', Buffer.concat(parts).toString('utf8'));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo; // it listens on a port
  const endpoint = `http://127.0.0.1:${port}/`;
  const telemetry = await openOtlp({ ...parts, endpoint });
  const good = row();
  const bad = row({ status: 502, figures: 'unused', stream: false, path: 'embeddings' });
  telemetry.onSettled({ row: good, wire: 'openai', firstByteMs: 250 });
  telemetry.onSettled({ row: bad, wire: 'anthropic', firstByteMs: null });
  await telemetry.close();
  receiver.close();

  expect([...received.keys()].toSorted()).toEqual(['/v1/metrics', '/v1/traces']);
  const all = [...received.values()].join('\n');
  for (const id of [...whose(good), ...whose(bad)]) expect(all).not.toContain(id);

  const [spans] = JSON.parse(received.get('/v1/traces') ?? '').resourceSpans[0].scopeSpans;
  const told = spans.spans.map((span: Span) => ({ ...pick(span), ...attributes(span) }));
  expect(told).toEqual([
    {
      ...{ name: `chat ${model}`, kind: 3, error: false },
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': 0.25,
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 34,
      'http.response.status_code': 200,
      'breakwater.request.id': good.id,
      'breakwater.figures': 'upstream',
    },
    {
      ...{ name: `embeddings ${model}`, kind: 3, error: true },
      'error.type': '502',
      'gen_ai.operation.name': 'embeddings',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': model,
      'http.response.status_code': 502,
      'breakwater.request.id': bad.id,
      'breakwater.figures': 'unused',
    },
  ]);

  const [meters] = JSON.parse(received.get('/v1/metrics') ?? '').resourceMetrics[0].scopeMetrics;
  const sums = meters.metrics.map((metric: Metric) => [
    metric.name,
    metric.unit,
    metric.histogram.dataPoints.map(({ sum, count }) => [sum, Number(count)]),
  ]);
  expect(sums).toEqual([
    [
      'gen_ai.client.token.usage',
      '{token}',
      [
        [12, 1],
        [34, 1],
      ],
    ],
    [
      'gen_ai.client.operation.duration',
      's',
      [
        [2.5, 1],
        [2.5, 1],
      ],
    ],
    [
      'gen_ai.server.request.duration',
      's',
      [
        [2.5, 1],
        [2.5, 1],
      ],
    ],
    ['gen_ai.server.time_to_first_token', 's', [[0.25, 1]]],
  ]);
});

test('a receiver that is away holds nothing up', async () => {
  const endpoint = 'http://127.0.0.1:1';
  const telemetry = await openOtlp({ ...parts, endpoint, closeMsMax: 20 });
  telemetry.onSettled({ row: row(), wire: 'openai', firstByteMs: null });
  await telemetry.close();
});

test('Prometheus counts by closed words, and by nobody', async () => {
  const registry = new Registry();
  const watcher = createWatcher({ places: noPlaces, seed: 1 });
  const telemetry = countFor(registry, { watcher, open: () => 3, aside: () => 1 });
  const settled = row();
  telemetry.onSettled({ row: settled, wire: 'openai', firstByteMs: 250 });
  for (const code of ['quota-spent', 'cut-off', 'quota-spent']) telemetry.onRefused(code);
  const text = await registry.metrics();
  for (const id of [...whose(settled), model, settled.id]) expect(text).not.toContain(id);
  expect(text.split('\n').filter((line) => /^breakwater_(?!.*seconds)/.test(line))).toEqual([
    'breakwater_gateway_requests_total{path="chat",figures="upstream",status="2xx"} 1',
    'breakwater_gateway_tokens_total{type="input"} 12',
    'breakwater_gateway_tokens_total{type="output"} 34',
    'breakwater_gateway_marked_total{mark="canary-in-answer"} 1',
    'breakwater_gateway_refused_total{code="quota-spent"} 2',
    'breakwater_gateway_refused_total{code="cut-off"} 1',
    'breakwater_gateway_open 3',
    'breakwater_gateway_endpoints_aside 1',
    'breakwater_gateway_watch_keys 0',
    'breakwater_gateway_watch_faults 0',
  ]);
});

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: readonly {
    readonly key: string;
    readonly value: Readonly<Record<string, unknown>>;
  }[];
}
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly histogram: {
    readonly dataPoints: readonly { readonly sum: number; readonly count: number | string }[];
  };
}
const pick = ({ name, kind, status }: Span) => ({ name, kind, error: status.code === 2 });
const attributes = (span: Span) =>
  Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
