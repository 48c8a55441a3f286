import { endpointMarks, gatewayMarks } from '@breakwater/contract';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Watcher } from '../watch/watcher.ts';
import { secondsOf, type Telemetry } from './telemetry.ts';

/** Bounds of durations in seconds: a refusal of a millisecond, and an answer of many minutes. */
const seconds = [0.005, 0.02, 0.08, 0.32, 1.28, 5.12, 20.48, 81.92, 327.68];

const marksKnown: ReadonlySet<string> = new Set([...gatewayMarks, ...endpointMarks]);

/** What of a process can be counted at the moment of asking. */
export interface Counted {
  readonly watcher: Watcher;
  /** Calls under way. */
  readonly open: () => number;
  /** Endpoints that fail. */
  readonly aside: () => number;
}

/** Counts of the gateway for Prometheus: totals of all keys together, and of closed words alone. */
export function countFor(registry: Registry, { watcher, open, aside }: Counted): Telemetry {
  const registers = [registry];
  const requests = new Counter({
    name: 'breakwater_gateway_requests_total',
    help: 'Calls of models that were settled, by path, kind of status and whose figures count',
    labelNames: ['path', 'status', 'figures'],
    registers,
  });
  const duration = new Histogram({
    name: 'breakwater_gateway_request_seconds',
    help: 'Time from a call to its settlement, by path',
    labelNames: ['path'],
    buckets: seconds,
    registers,
  });
  const firstByte = new Histogram({
    name: 'breakwater_gateway_first_byte_seconds',
    help: 'Time from a call to the first byte of its answer, by path',
    labelNames: ['path'],
    buckets: seconds,
    registers,
  });
  const tokens = new Counter({
    name: 'breakwater_gateway_tokens_total',
    help: 'Tokens that were settled, by direction',
    labelNames: ['type'],
    registers,
  });
  const marked = new Counter({
    name: 'breakwater_gateway_marked_total',
    help: 'Calls that bear a mark of the watch, or of their endpoint, by mark',
    labelNames: ['mark'],
    registers,
  });
  const refused = new Counter({
    name: 'breakwater_gateway_refused_total',
    help: 'Calls that were not taken, or were broken off, by the code that was answered',
    labelNames: ['code'],
    registers,
  });
  new Gauge({
    name: 'breakwater_gateway_open',
    help: 'Calls under way in this process',
    registers,
    collect() {
      this.set(open());
    },
  });
  new Gauge({
    name: 'breakwater_gateway_endpoints_aside',
    help: 'Endpoints that failed five times in a row of late, and are tried after all others',
    registers,
    collect() {
      this.set(aside());
    },
  });
  new Gauge({
    name: 'breakwater_gateway_watch_keys',
    help: 'Keys that the watch of this process remembers',
    registers,
    collect() {
      this.set(watcher.state().keys);
    },
  });
  new Gauge({
    name: 'breakwater_gateway_watch_faults',
    help: 'Times since the start that the watch itself was at fault; it marks nothing then',
    registers,
    collect() {
      this.set(watcher.state().faults);
    },
  });
  return {
    onSettled({ row, firstByteMs }) {
      const { path, figures, settled } = row;
      requests.inc({ path, figures, status: `${Math.trunc(row.status / 100)}xx` });
      duration.observe({ path }, secondsOf(row));
      if (firstByteMs !== null) firstByte.observe({ path }, firstByteMs / 1_000);
      tokens.inc({ type: 'input' }, settled.inputTokens);
      tokens.inc({ type: 'output' }, settled.outputTokens);
      for (const mark of row.marks) if (marksKnown.has(mark)) marked.inc({ mark });
    },
    onRefused: (code) => refused.inc({ code }),
    close: async () => {},
  };
}
