import { type Account, type Amounts, noAmounts, openBudget, plus } from '@breakwater/meter';
import type { World } from '@breakwater/runner';
import { Purse } from '../budget/purse.ts';
import type { Journal } from '../journal/journal.ts';
import { keepJson } from '../journal/kept-json.ts';
import type { JournalRecord, RecordOf, Sealing, ToolRun } from '../journal/records.ts';
import { advance, replay, type Standing } from '../journal/replay.ts';
import type { Message, ToolCall, UserMessage } from '../models/messages.ts';
import type { ModelRequest } from '../models/model.ts';
import type { Surroundings } from '../run/surroundings.ts';
import { nameOf, type SampleJob } from './job.ts';
import { makeCall } from './make-call.ts';
import { limitEnd, type Step } from './step.ts';
import { runTool, toolLimits } from './tools.ts';

/** After so many turns the walls are tried again, and after the first. */
const turnsBetweenProofs = 25;

/** A sample while it runs: its world, its journal and its budgets move together. */
export class Sample {
  readonly job: SampleJob;
  readonly around: Surroundings;
  readonly purse: Purse;
  readonly world: World;
  readonly #journal: Journal;
  readonly #account: Account;
  #standing: Standing;
  #toolSpent: Amounts = noAmounts;
  #tools = 0;

  constructor(job: SampleJob, around: Surroundings, held: { journal: Journal; world: World }) {
    this.job = job;
    this.around = around;
    this.world = held.world;
    this.#journal = held.journal;
    this.#standing = replay(held.journal.records);
    this.#account = { budget: openBudget(job.limits, this.#standing.spent) };
    this.purse = new Purse(this.#account, around.bill, around.prices);
  }

  get name(): string {
    return nameOf(this.job);
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Limits of time, in milliseconds; without one, 0. */
  get limitsMs(): { readonly wallMs: number; readonly workingMs: number } {
    const { wallMs = 0, workingMs = 0 } = this.#account.budget.limits;
    return { wallMs, workingMs };
  }

  now(): string {
    return this.around.clock.now().toISOString();
  }

  /** Writes what happened; it stands when this resolves. */
  async note(record: JournalRecord): Promise<void> {
    await this.#journal.append(record);
    this.#standing = advance(this.#standing, record);
    const isNew = record.type === 'begun' || record.type === 'resumed';
    if (isNew) this.#account.budget = openBudget(this.job.limits, this.#standing.spent);
  }

  /** One call of the model: reserved before, settled after. `sent`: by an agent of one's own. */
  async call(
    request: ModelRequest,
    sent?: readonly Message[],
  ): Promise<Step<RecordOf<'answered'>>> {
    return await makeCall(this, request, sent);
  }

  /** One tool, within what time and messages are left. */
  async useTool(call: ToolCall): Promise<Step<ToolRun>> {
    this.#tools += 1;
    const id = `${this.job.uuid} tool ${this.#standing.turn + 1}.${this.#tools}`;
    const span = { most: toolLimits.wallMs, least: 1 };
    const wish = { id, messages: 1, wallMs: span, workingMs: span };
    const reserved = await this.purse.reserve(wish, this.around.signal);
    if (!reserved.ok) return { end: limitEnd(reserved.spent) };
    const { held } = reserved.grant;
    const timeMs = Math.min(held.wallMs, held.workingMs);
    const began = this.around.clock.passedMs();
    const result = await runTool(this.world, call, timeMs);
    this.around.signal.throwIfAborted();
    const ms = Math.min(Math.ceil(this.around.clock.passedMs() - began), timeMs);
    const { spent } = this.purse.settle(id, { messages: 1, wallMs: ms, workingMs: ms });
    this.#toolSpent = plus(this.#toolSpent, spent);
    if (result.isOver === true) {
      const message = result.error?.message ?? 'the world is over';
      return { end: { kind: 'failed', code: codeOf(this.world), message } };
    }
    const { content, error, submitted } = result;
    return {
      done: {
        at: this.now(),
        message: {
          id: `${call.id}-result-${this.#standing.turn + 1}`,
          role: 'tool',
          content,
          tool_call_id: call.id,
          function: call.function,
          ...(error !== undefined && { error }),
        },
        arguments: call.arguments,
        seconds: ms / 1000,
        ...(submitted !== undefined && { submitted }),
      },
    };
  }

  /** Ends a turn: the world's files are kept, and everything of the turn is on the disk. */
  async finishTurn(tools: readonly ToolRun[], said?: UserMessage): Promise<Step<null>> {
    const turn = this.#standing.turn + 1;
    const isProof = turn === 1 || turn % turnsBetweenProofs === 0;
    const sealing = isProof ? await this.prove('during') : null;
    if (sealing !== null && 'end' in sealing) return sealing;
    const kept = await keepWorld(this);
    if ('end' in kept) return kept;
    await this.note({
      type: 'turn',
      at: this.now(),
      turn,
      tools: [...tools],
      ...(said !== undefined && { said }),
      world: kept.done,
      ...(sealing !== null && { sealing: sealing.done }),
      spent: plus(this.#toolSpent, { ...noAmounts, messages: said === undefined ? 0 : 1 }),
    });
    this.#toolSpent = noAmounts;
    this.#tools = 0;
    const words = tools.map(({ message }) => message.function).join(', ');
    this.tell('turn', `turn ${turn}: ${words === '' ? 'no tool' : words}`);
    return { done: null };
  }

  /** Tries the walls from inside. Whatever comes through ends the sample. */
  async prove(when: Sealing['when']): Promise<Step<Sealing>> {
    return await proveWorld(this.world, { when, at: this.now() });
  }

  tell(what: 'begun' | 'resumed' | 'turn' | 'retry' | 'ended', detail: string): void {
    this.around.onProgress({ sample: this.name, what, detail, turn: this.#standing.turn });
  }
}

export async function proveWorld(
  world: World,
  { when, at }: Pick<Sealing, 'when' | 'at'>,
): Promise<Step<Sealing>> {
  const proof = await world.proveSealed();
  if (!proof.ok) {
    // Before the first turn nothing of the model has run in it.
    const code = when === 'before' ? 'world-failed' : codeOf(world);
    return { end: { kind: 'failed', code, message: proof.refusal.got } };
  }
  const { sealed } = proof.value;
  if (sealed) return { done: { at, when, sealed, evidence: proof.value } };
  const message = `something came through ${when} the sample: ${JSON.stringify(proof.value)}`;
  return { end: { kind: 'failed', code: 'world-not-sealed', message: message.slice(0, 4_000) } };
}

/**
 * Whoever spoils its world is scored by what it left: else a task that is lost could be left out.
 * Of a world that only falls silent nobody can say who did it, so it has a word of its own.
 */
function codeOf({ ended }: World): 'world-spoiled' | 'world-unresponsive' | 'world-failed' {
  if (ended?.reason === 'unresponsive') return 'world-unresponsive';
  const isSpoiled = ended?.reason === 'ended-from-inside' || ended?.reason === 'out-of-memory';
  return isSpoiled ? 'world-spoiled' : 'world-failed';
}

/** Keeps the world's files; what is answered is the manifest's digest. */
export async function keepWorld({
  world,
  around: { blobs },
}: {
  readonly world: World;
  readonly around: Pick<Surroundings, 'blobs'>;
}): Promise<Step<string>> {
  const kept = await world.keep(blobs);
  if (kept.ok) return { done: await keepJson(blobs, kept.value) };
  const { code, got } = kept.refusal;
  const failure = code === 'too-much-to-keep' ? 'world-spoiled' : codeOf(world);
  return { end: { kind: 'failed', code: failure, message: `${code}: ${got}` } };
}
