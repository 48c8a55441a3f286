import { setTimeout as delay } from 'node:timers/promises';
import { endpointMarks } from '@breakwater/contract';
import type { Attributes, Histogram, Tracer } from '@opentelemetry/api';
import type { RequestRow } from '../record/request-row.ts';
import { type SettledCall, secondsOf, type Telemetry } from './telemetry.ts';

/** Bounds as the conventions want them (OpenTelemetry GenAI metrics). */
const bounds = {
  tokens: [
    1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
  ],
  seconds: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  firstSeconds: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
  ],
};

export interface OtlpParts {
  /** As OTEL_EXPORTER_OTLP_ENDPOINT has it: paths of traces and metrics are put behind it. */
  readonly endpoint: string;
  /** Names the process among others of the installation. */
  readonly process: string;
  /** How often metrics are sent, in milliseconds. */
  readonly everyMs: number;
  /** How long the end waits for a receiver that does not answer, in milliseconds. */
  readonly closeMsMax: number;
}

/**
 * Spans and metrics by the semantic conventions of OpenTelemetry for generative AI (development,
 * 2026), sent as OTLP over HTTP in JSON. Headers, certificates and time limits are those of the
 * standard's OTEL_EXPORTER_OTLP_ variables. Where the receiver is away or slow, what is too much is
 * dropped. Loaded here alone: who sends none pays for none.
 */
export async function openOtlp(parts: OtlpParts): Promise<Telemetry> {
  const { endpoint, process, everyMs, closeMsMax } = parts;
  const [resources, trace, metrics, traceExporter, metricExporter] = await Promise.all([
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ]);
  const at = (path: string) => `${endpoint.replace(/\/+$/, '')}${path}`;
  const resource = resources.resourceFromAttributes({
    'service.name': 'breakwater-gateway',
    'service.instance.id': process,
  });
  const traces = new trace.TracerProvider({
    resource,
    spanProcessors: [
      new trace.BatchSpanProcessor({
        exporter: new traceExporter.OTLPTraceExporter({ url: at('/v1/traces') }),
      }),
    ],
  });
  const meters = new metrics.MeterProvider({
    resource,
    readers: [
      new metrics.PeriodicExportingMetricReader({
        exporter: new metricExporter.OTLPMetricExporter({ url: at('/v1/metrics') }),
        exportIntervalMillis: everyMs,
        exportTimeoutMillis: Math.min(everyMs, 10_000),
      }),
    ],
  });
  const meter = meters.getMeter('breakwater-gateway');
  const histogram = (name: string, of: { unit: string; description: string; at: number[] }) =>
    meter.createHistogram(name, {
      unit: of.unit,
      description: of.description,
      advice: { explicitBucketBoundaries: of.at },
    });
  const instruments: Instruments = {
    tokens: histogram('gen_ai.client.token.usage', {
      ...{ unit: '{token}', description: 'Number of input and output tokens used.' },
      at: bounds.tokens,
    }),
    operation: histogram('gen_ai.client.operation.duration', {
      ...{ unit: 's', description: 'GenAI operation duration.', at: bounds.seconds },
    }),
    request: histogram('gen_ai.server.request.duration', {
      ...{ unit: 's', description: 'Generative AI server request duration.', at: bounds.seconds },
    }),
    first: histogram('gen_ai.server.time_to_first_token', {
      ...{ unit: 's', description: 'Time to the first byte of an answer.' },
      at: bounds.firstSeconds,
    }),
  };
  const refused = meter.createCounter('breakwater.gateway.refused', {
    unit: '{call}',
    description: 'Calls that were not taken, or were broken off, by the code that was answered.',
  });
  const tracer = traces.getTracer('breakwater-gateway');
  return {
    onSettled(call) {
      const attributes = attributesOf(call);
      span(tracer, call, attributes);
      measure(instruments, call, attributes);
    },
    onRefused: (code) => refused.add(1, { 'error.type': code }),
    async close() {
      const closed = Promise.allSettled([traces.shutdown(), meters.shutdown()]);
      await Promise.race([closed, delay(closeMsMax, null, { ref: false })]);
    },
  };
}

interface Instruments {
  readonly tokens: Histogram;
  readonly operation: Histogram;
  readonly request: Histogram;
  readonly first: Histogram;
}

/** What spans and metrics say alike; the model by its id, which is chance to who may not know it. */
function attributesOf({ row, wire }: SettledCall): Attributes {
  return {
    'gen_ai.operation.name': operationOf(row),
    'gen_ai.provider.name': wire,
    'gen_ai.request.model': row.model,
    ...(row.status >= 400 ? { 'error.type': String(row.status) } : {}),
  };
}

/** The conventions name the first and the last; they have no word for a count of tokens. */
const operationOf = ({ path }: RequestRow): string =>
  path === 'embeddings' ? path : path === 'count-tokens' ? 'count_tokens' : 'chat';

/** SpanKind.CLIENT and SpanStatusCode.ERROR of the API, which is not loaded for two numbers. */
const client = 2;
const isError = 2;

function span(tracer: Tracer, { row, firstByteMs }: SettledCall, attributes: Attributes): void {
  const doubts = endpointMarks.filter((mark) => row.marks.includes(mark));
  const started = tracer.startSpan(`${operationOf(row)} ${row.model}`, {
    kind: client,
    root: true,
    startTime: Date.parse(row.startedAt),
    attributes: {
      ...attributes,
      ...(row.stream ? { 'gen_ai.request.stream': true } : {}),
      ...(row.figures === 'upstream'
        ? {
            'gen_ai.usage.input_tokens': row.settled.inputTokens,
            'gen_ai.usage.output_tokens': row.settled.outputTokens,
          }
        : {}),
      ...(row.stream && firstByteMs !== null
        ? { 'gen_ai.response.time_to_first_chunk': firstByteMs / 1_000 }
        : {}),
      'http.response.status_code': row.status,
      'breakwater.request.id': row.id,
      'breakwater.figures': row.figures,
      ...(doubts.length > 0 ? { 'breakwater.endpoint.marks': doubts } : {}),
    },
  });
  if (row.status >= 400) started.setStatus({ code: isError });
  started.end(Math.max(Date.parse(row.startedAt), Date.parse(row.endedAt)));
}

function measure(
  { tokens, operation, request, first }: Instruments,
  { row, firstByteMs }: SettledCall,
  attributes: Attributes,
): void {
  const seconds = secondsOf(row);
  operation.record(seconds, attributes);
  request.record(seconds, attributes);
  if (firstByteMs !== null && row.status < 400) first.record(firstByteMs / 1_000, attributes);
  // The conventions: counts that somebody gave, and no guesses.
  if (row.figures !== 'upstream') return;
  const of = (type: string) => ({ ...attributes, 'gen_ai.token.type': type });
  tokens.record(row.settled.inputTokens, of('input'));
  tokens.record(row.settled.outputTokens, of('output'));
}
