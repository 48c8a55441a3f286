import {
  computeMetric,
  type LogEnd,
  type LogReduction,
  reduceRecords,
  reducerOf,
  type ScoreRecord,
} from '@breakwater/formats/eval-log';
import type { Usage } from '../models/model.ts';
import { type LoggedSample, scorerName } from './sample-of.ts';

/** Means over epochs, then over tasks, with their standard error: what Inspect's header tells. */
const reducer = 'mean';
const metricNames = ['accuracy', 'stderr'] as const;

export interface RunEnd {
  readonly end: LogEnd;
  readonly reductions: readonly LogReduction[];
}

/** The end of a log, computed from its samples by the functions that check such figures. */
export function endOf(
  samples: readonly LoggedSample['sample'][],
  times: { readonly startedAt: string; readonly completedAt: string },
): RunEnd {
  const records = samples.flatMap(recordOf);
  const mean = reducerOf(reducer);
  if (mean === null) throw new Error('the mean is no reducer');
  const reduced = reduceRecords(records, mean);
  const metrics = metricNames.map((name) => {
    const { computed } = computeMetric(name, reduced);
    return [name, { name, value: computed ?? Number.NaN, params: {} }] as const;
  });
  const names = new Set(samples.map(({ id }) => String(id)));
  return {
    end: {
      status: 'success',
      results: {
        total_samples: samples.length,
        completed_samples: samples.filter(({ error }) => error === undefined).length,
        scores: [
          {
            name: scorerName,
            scorer: scorerName,
            reducer,
            scored_samples: reduced.length,
            unscored_samples: names.size - reduced.length,
            params: {},
            metrics: Object.fromEntries(metrics),
          },
        ],
      },
      stats: {
        started_at: times.startedAt,
        completed_at: times.completedAt,
        model_usage: usageOf(samples),
        role_usage: {},
        connection_limit_history: [],
      },
    },
    reductions: [
      {
        scorer: scorerName,
        reducer,
        samples: reduced.map(({ id, value }) => ({ value, sample_id: id, history: [] })),
      },
    ],
  };
}

function recordOf({ id, scores }: LoggedSample['sample']): readonly ScoreRecord[] {
  const value = valueIn(scores);
  return value === null ? [] : [{ id, value, metadata: {} }];
}

function valueIn(scores: unknown): number | null {
  if (typeof scores !== 'object' || scores === null) return null;
  const score: unknown = Object.entries(scores).find(([name]) => name === scorerName)?.[1];
  if (typeof score !== 'object' || score === null || !('value' in score)) return null;
  return typeof score.value === 'number' ? score.value : null;
}

function usageOf(samples: readonly LoggedSample['sample'][]): Record<string, Usage> {
  const all: Record<string, Record<string, number>> = {};
  for (const { model_usage: byModel } of samples) {
    for (const [model, usage] of Object.entries(byModel ?? {})) {
      const sum = all[model] ?? {};
      all[model] = sum;
      for (const [name, count] of Object.entries(usage)) {
        if (typeof count === 'number') sum[name] = (sum[name] ?? 0) + count;
      }
    }
  }
  return Object.fromEntries(
    Object.entries(all).map(([model, sum]) => [
      model,
      { input_tokens: 0, output_tokens: 0, total_tokens: 0, ...sum },
    ]),
  );
}
