import type { SampleToWrite } from '@breakwater/formats/eval-log';
import type { Prices } from '@breakwater/meter';
import type { JournalRecord } from '../journal/records.ts';
import { replay, type Standing } from '../journal/replay.ts';
import type { ModelConfig, Usage } from '../models/model.ts';
import type { SampleJob } from '../sample/job.ts';
import { toolSpecs } from '../sample/tools.ts';
import { errorOf, eventsOf, outputOf, wordsOf } from './events.ts';
import { MessagePool } from './pool.ts';

/** The name of our one scorer in a log. */
export const scorerName = 'breakwater';

export interface LoggedSample {
  readonly sample: SampleToWrite;
  readonly events: readonly object[];
}

export interface ToldWith {
  readonly model: string;
  readonly config: ModelConfig;
  readonly prices: Prices | null;
  readonly agent: 'ours' | 'own';
}

/**
 * A sample of the log: it follows from the job and the journal alone. No accepted answer stands in
 * it: `target` is empty, and a private file of the task is named nowhere.
 */
export function sampleOf(
  job: SampleJob,
  records: readonly JournalRecord[],
  told: ToldWith,
): LoggedSample {
  const standing = replay(records);
  const base = { id: job.id, epoch: job.epoch, input: job.prompt, target: '' };
  const pool = new MessagePool();
  const metadata = {
    ...job.metadata,
    ...contaminationOf(standing),
    breakwater: resultOf(records, standing),
  };
  const events = eventsOf(records, {
    ...told,
    uuid: job.uuid,
    tools: told.agent === 'ours' ? toolSpecs : [],
    sample: { id: job.id, input: job.prompt, target: '', metadata: job.metadata },
    pool,
  });
  const usage = usageOf(records, standing, told.prices);
  const { end, scored } = standing;
  const score = scored?.score ?? null;
  return {
    sample: {
      ...base,
      sandbox: { type: 'breakwater', config: null },
      files: job.files.map(({ path }) => path),
      messages: standing.messages,
      output: lastOutput(records, told.model),
      ...(score !== null && { scores: { [scorerName]: { ...score, history: [] } } }),
      metadata,
      model_usage: usage === null ? {} : { [told.model]: usage },
      started_at: records.at(0)?.at,
      completed_at: records.at(-1)?.at,
      total_time: secondsBetween(records),
      working_time: standing.spent.workingMs / 1000,
      uuid: job.uuid,
      ...errorMember(standing),
      ...(end?.kind === 'limit' && { limit: { type: end.type, limit: end.limit } }),
      turn_count: standing.turn,
      events_data: { messages: pool.messages, calls: [] },
    },
    events,
  };
}

function errorMember({ end, scored }: Standing): { readonly error?: object } {
  if (end?.kind === 'failed') return { error: errorOf(wordsOf(end)) };
  if (scored?.failure === undefined) return {};
  return { error: errorOf(`scorer-failed: ${scored.failure}`) };
}

/** What the scan of the transcript says; before it, nothing. */
function contaminationOf({ scored }: Standing): { readonly contamination?: string } {
  if (scored === null) return {};
  return { contamination: scored.leaks.length > 0 ? 'suspected' : 'none-known' };
}

/** What was accepted, and apart from it what was cut, lost or interrupted. */
function resultOf(records: readonly JournalRecord[], standing: Standing): object {
  const { end, spent, apart, scored } = standing;
  const outcomes: Record<string, number> = {};
  let refusals = 0;
  for (const record of records) {
    if (record.type !== 'answered') continue;
    for (const { outcome } of record.attempts) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (record.answer?.isRefusal === true) refusals += 1;
  }
  const sealings = records.flatMap((record) =>
    'sealing' in record && record.sealing !== undefined ? [record.sealing] : [],
  );
  return {
    end,
    spent,
    apart,
    attempts: outcomes,
    refusals,
    leaks: scored?.leaks ?? [],
    interruptions: records.filter(({ type }) => type === 'resumed').length,
    sealed: sealings.map(({ when, sealed }) => ({ when, sealed })),
  };
}

/** Usage of accepted calls; where the provider told none, the bound that was reserved counts. */
function usageOf(
  records: readonly JournalRecord[],
  { spent }: Standing,
  prices: Prices | null,
): (Usage & { total_cost?: number }) | null {
  const sum: Usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  let [read, written, reasoning] = [0, 0, 0];
  for (const record of accepted(records)) {
    const usage = record.answer?.usage ?? null;
    if (usage === null) continue;
    sum.input_tokens += usage.input_tokens;
    sum.output_tokens += usage.output_tokens;
    sum.total_tokens += usage.total_tokens;
    read += usage.input_tokens_cache_read ?? 0;
    written += usage.input_tokens_cache_write ?? 0;
    reasoning += usage.reasoning_tokens ?? 0;
  }
  if (spent.turns === 0) return null;
  return {
    ...sum,
    ...(read > 0 && { input_tokens_cache_read: read }),
    ...(written > 0 && { input_tokens_cache_write: written }),
    ...(reasoning > 0 && { reasoning_tokens: reasoning }),
    ...(prices !== null && { total_cost: spent.costMicros / 1_000_000 }),
  };
}

/** Answers that count: an agent of one's own that began again left its earlier ones behind. */
function accepted(records: readonly JournalRecord[]) {
  const from = records.findLastIndex((each) => each.type === 'resumed' && each.isFromStart);
  return records.slice(from + 1).filter((each) => each.type === 'answered');
}

function lastOutput(records: readonly JournalRecord[], model: string): object {
  const last = accepted(records).at(-1);
  return outputOf(model, last?.id ?? '', last?.answer ?? null);
}

function secondsBetween(records: readonly JournalRecord[]): number {
  const [first, last] = [records.at(0), records.at(-1)];
  if (first === undefined || last === undefined) return 0;
  return Math.max(0, (Date.parse(last.at) - Date.parse(first.at)) / 1000);
}
