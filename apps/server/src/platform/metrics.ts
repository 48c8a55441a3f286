import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface Metrics {
  /** Where what counts by itself is told from. */
  readonly registry: Registry;
  /** Starts timing an operation; call the answer with the HTTP status. */
  time(operation: string): (status: number) => void;
  /** Prometheus text format. Served to the administrator only: counts tell too much. */
  text(): Promise<string>;
}

/** Prometheus metrics in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'breakwater_operation_seconds',
    help: 'Time to answer, by operation and status',
    labelNames: ['operation', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    time(operation) {
      const end = duration.startTimer({ operation });
      return (status) => end({ status: String(status) });
    },
    text: () => registry.metrics(),
  };
}
