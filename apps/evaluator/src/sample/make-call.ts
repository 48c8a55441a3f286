import { type Actual, callMax, type Grant, noAmounts, type SomeAmounts } from '@breakwater/meter';
import type { RecordOf, SampleEnd } from '../journal/records.ts';
import { requestBytes } from '../models/attempt.ts';
import { type CallEnd, callModel } from '../models/call-model.ts';
import type { Message } from '../models/messages.ts';
import type { Attempt, ModelAnswer, ModelRequest } from '../models/model.ts';
import type { Sample } from './sample.ts';
import { accessEnd, limitEnd, type Step } from './step.ts';

/** Tokens that providers put around a request by themselves, such as words about tools. */
const aroundTokens = 1_024;

/** No call takes longer, whatever the limits are. */
const callMsMax = 3_600_000;

/** One call of the model, with the retries it needs, within what is left. */
export async function makeCall(
  sample: Sample,
  request: ModelRequest,
  sent?: readonly Message[],
): Promise<Step<RecordOf<'answered'>>> {
  const { around, job, standing } = sample;
  const { access } = around;
  await access?.ask(around.signal);
  const over = accessEnd(access);
  if (over !== null) return { end: over };
  const turn = standing.turn + 1;
  const bytes = await requestBytes(around.endpoint, request);
  const calls = new Calls(sample, turn, bytes + aroundTokens);
  const most = Math.min(around.maxOutputTokens, request.outputTokensMax ?? Infinity);
  const refused = await calls.reserve(most, 1);
  if (refused !== null) return { end: refused };
  const time = AbortSignal.timeout(calls.timeMs);
  const began = around.clock.passedMs();
  const passed = () => Math.ceil(around.clock.passedMs() - began);
  let end: CallEnd | null = null;
  const unwatch = access?.watch();
  try {
    end = await callModel(request, {
      endpoint: around.endpoint,
      maxOutputTokens: calls.grant.outputTokens,
      callKey: `${job.uuid}-${turn}`,
      stallMs: around.stallMs,
      signal: AbortSignal.any([around.signal, time, ...(access === null ? [] : [access.over])]),
      requestBytesMax: bytes,
      patience: around.patience,
      chance: around.clock.chance,
      sleep: async (ms, signal) => {
        await around.clock.sleep(ms, signal);
        // Another attempt is another call.
        await access?.ask(signal);
      },
      onFailed: (attempt) => calls.failed(attempt),
    });
  } catch (error) {
    around.signal.throwIfAborted();
    if (!time.aborted && access?.over.aborted !== true) throw error;
  } finally {
    unwatch?.();
  }
  const record = await calls.close(end, passed());
  await sample.note({ ...record, ...(sent !== undefined && { sent: [...sent] }) });
  const ended = (end?.answer ? null : accessEnd(access)) ?? endAfter(calls, end, record);
  return ended === null ? { done: record } : { end: ended };
}

/** What a call came to that no turn follows. */
function endAfter(
  calls: Calls,
  end: CallEnd | null,
  { excess }: RecordOf<'answered'>,
): SampleEnd | null {
  if (end === null) return calls.timeEnd();
  if (Object.keys(excess).length > 0) return { kind: 'provider-excess', excess };
  if (end.answer !== null) return null;
  if (calls.spentUp !== null) return calls.spentUp;
  const last = end.attempts.at(-1);
  const words = [last?.outcome, last?.status, last?.detail].filter((each) => each !== undefined);
  const message = `${end.attempts.length} attempts, the last: ${words.join(' ')}`;
  return { kind: 'failed', code: 'model-failed', message };
}

/** The reservations of one call: one, and another after each attempt that may have been billed. */
class Calls {
  readonly #sample: Sample;
  readonly #turn: number;
  readonly #inputTokens: number;
  #n = 0;
  #held: Grant | null = null;
  #first: Grant | null = null;
  /** What leaves nothing for another attempt. */
  spentUp: SampleEnd | null = null;

  constructor(sample: Sample, turn: number, inputTokens: number) {
    this.#sample = sample;
    this.#turn = turn;
    this.#inputTokens = Math.min(callMax, inputTokens);
  }

  /** The first grant: its limits hold for every attempt. */
  get grant(): Grant {
    if (this.#first === null) throw new Error('nothing was reserved');
    return this.#first;
  }

  get timeMs(): number {
    return Math.min(this.grant.held.wallMs, this.grant.held.workingMs);
  }

  async reserve(most: number, least: number): Promise<SampleEnd | null> {
    const { purse, around } = this.#sample;
    this.#n += 1;
    const id = this.#id();
    const span = { most: callMsMax, least: 1 };
    const wish = {
      id,
      messages: 1,
      turns: 1,
      inputTokens: this.#inputTokens,
      outputTokens: { most, least },
      wallMs: span,
      workingMs: span,
    };
    const reserved = await purse.reserve(wish, around.signal);
    if (!reserved.ok) return limitEnd(reserved.spent);
    this.#held = reserved.grant;
    this.#first ??= reserved.grant;
    const { tokens, costMicros } = reserved.grant.held;
    const bound = { ...noAmounts, tokens, costMicros };
    const at = this.#sample.now();
    await this.#sample.note({ type: 'sent', at, turn: this.#turn, call: id, bound });
    return null;
  }

  async failed(attempt: Attempt): Promise<'go-on' | 'stop'> {
    const { outcome, waitedMs } = attempt;
    if (waitedMs !== undefined) this.#sample.tell('retry', `${outcome}: again in ${waitedMs} ms`);
    if (attempt.billing === 'none') return 'go-on';
    await this.#lose(attempt);
    if (waitedMs === undefined) return 'stop';
    const { outputTokens } = this.grant;
    this.spentUp = await this.reserve(outputTokens, outputTokens);
    return this.spentUp === null ? 'go-on' : 'stop';
  }

  /** Settles what is held by what the provider told, and puts the call in words. */
  async close(end: CallEnd | null, passedMs: number): Promise<RecordOf<'answered'>> {
    const answer = end?.answer ?? null;
    const attempts = end?.attempts ?? [];
    const waitedMs = attempts.reduce((sum, each) => sum + (each.waitedMs ?? 0), 0);
    const wallMs = Math.min(passedMs, this.grant.held.wallMs);
    const workingMs = Math.max(0, Math.min(passedMs - waitedMs, this.grant.held.workingMs));
    if (end === null && this.#held !== null) {
      await this.#lose({ outcome: 'stalled', billing: 'unknown' });
    }
    const time = { wallMs, workingMs };
    const { spent, excess } = await this.#settle(answer, time);
    return {
      type: 'answered',
      at: this.#sample.now(),
      turn: this.#turn,
      call: this.#id(),
      id: `${this.#sample.job.uuid}-${this.#turn}-answer`,
      answer,
      attempts: [...attempts],
      spent,
      excess,
      seconds: wallMs / 1000,
    };
  }

  /** Which of the two limits of time was reached, or the bound of every call. */
  timeEnd(): SampleEnd {
    const { held } = this.grant;
    const { wallMs, workingMs } = this.#sample.limitsMs;
    if (Math.min(held.wallMs, held.workingMs) >= callMsMax) {
      const message = `no answer in ${callMsMax / 1000} seconds`;
      return { kind: 'failed', code: 'model-failed', message };
    }
    return held.workingMs < held.wallMs
      ? limitEnd({ kind: 'workingMs', limit: workingMs, scope: 'sample' })
      : limitEnd({ kind: 'wallMs', limit: wallMs, scope: 'sample' });
  }

  async #settle(answer: ModelAnswer | null, time: { wallMs: number; workingMs: number }) {
    const { purse } = this.#sample;
    const held = this.#held;
    if (held !== null && answer !== null) {
      const actual = actualOf(answer, held);
      const settled = purse.settle(held.id, { ...actual, messages: 1, turns: 1, ...time });
      return { spent: settled.spent, excess: excessOf(actual, held, settled.excess) };
    }
    if (held !== null) purse.unused(held.id);
    // The time is gone all the same.
    const id = `${this.#sample.job.uuid} time ${this.#turn}`;
    const span = { most: callMax, least: 0 };
    const wish = { id, wallMs: span, workingMs: span };
    const reserved = await purse.reserve(wish, this.#sample.around.signal);
    return { spent: reserved.ok ? purse.settle(id, time).spent : noAmounts, excess: {} };
  }

  #id(): string {
    return `${this.#sample.job.uuid} call ${this.#turn}.${this.#n}`;
  }

  async #lose(attempt: Attempt): Promise<void> {
    if (this.#held === null) return;
    this.#sample.purse.lost(this.#held);
    const call = this.#held.id;
    this.#held = null;
    await this.#sample.note({ type: 'lost', at: this.#sample.now(), call, attempt });
  }
}

/** What the provider told; where it told nothing, or nothing that can be, the bound. */
function actualOf({ usage, message }: ModelAnswer, { inputTokens, outputTokens }: Grant): Actual {
  const isSaid = message.content.length > 0 || (message.tool_calls ?? []).length > 0;
  const isCounted =
    usage !== null && usage.input_tokens > 0 && (usage.output_tokens > 0 || !isSaid);
  if (!isCounted) return { inputTokens, outputTokens };
  const { input_tokens_cache_read: read = 0, input_tokens_cache_write: written = 0 } = usage;
  const input = Math.min(callMax, usage.input_tokens);
  return {
    inputTokens: input,
    outputTokens: Math.min(callMax, usage.output_tokens),
    ...(read + written <= input && { cacheReadTokens: read, cacheWriteTokens: written }),
  };
}

/** Beyond what was told to the provider, though the sum may still be within what was held. */
function excessOf(actual: Actual, granted: Grant, excess: SomeAmounts): SomeAmounts {
  const over =
    Math.max(0, (actual.outputTokens ?? 0) - granted.outputTokens) +
    Math.max(0, (actual.inputTokens ?? 0) - granted.inputTokens);
  const { costMicros = 0 } = excess;
  return { ...(over > 0 && { tokens: over }), ...(costMicros > 0 && { costMicros }) };
}
