import { bytesToHex, type Instant, type Json, ok, type Result, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import {
  type CommandsPorts,
  type Envelope,
  type Executed,
  hashOfRequest,
  keyReused,
  type Outcome,
} from './commands.ts';
import { type Act, insertContents, insertEntries, insertJobs } from './rows.ts';

/** One command among those that are carried out together. */
export interface Member<I> {
  readonly envelope: Envelope;
  readonly input: I;
}

/** What was decided: of each member in its place, and what followed that none of them asked for. */
export interface Decided<R extends Json> {
  readonly outcomes: readonly Result<Outcome<R>>[];
  readonly aside: readonly Act[];
}

export interface Together<I, R extends Json> {
  /**
   * Decides the members in their order, each as if those before it were carried out. May run more
   * than once, so it must not act outside `tx`.
   */
  readonly work: (
    tx: Transaction,
    now: Instant,
    members: readonly Member<I>[],
  ) => Promise<Decided<R>>;
  /** The turn that every writer of its tables takes. */
  readonly turn: string;
}

/** Carries a command out with those that wait beside it. */
export type CarryOut<I, R extends Json> = (member: Member<I>) => Promise<Result<Executed<R>>>;

/** Makes a way to carry commands of one kind out together; one for each kind and process. */
export type InTurn = <I, R extends Json>(kind: Together<I, R>) => CarryOut<I, R>;

/** More than this waits for the next transaction: one holds up everybody for as long as it takes. */
const membersMax = 64;

/**
 * {@link createExecute} for commands that come in great number and all touch the same tables: what
 * arrives while a transaction is under way is carried out in the next one, with one commit for all.
 * Each member has its own idempotency, refusal, events and answer. If one of them makes the work
 * fail, each is carried out by itself, so that only that one fails.
 *
 * @param committed told after each commit.
 */
export function createInTurn(ports: CommandsPorts, committed: () => void): InTurn {
  return <I, R extends Json>(kind: Together<I, R>): CarryOut<I, R> => {
    const waiting: Waiting<I, R>[] = [];
    let running = false;

    async function carryOut(batch: readonly Waiting<I, R>[]): Promise<void> {
      try {
        const done = await transact(ports, kind, batch);
        committed();
        for (const [i, each] of batch.entries()) each.settle(at(done, i));
      } catch (error) {
        if (batch.length === 1) for (const each of batch) each.fail(error);
        else for (const each of batch) await carryOut([each]);
      }
    }

    async function run(): Promise<void> {
      running = true;
      while (waiting.length > 0) await carryOut(takeBatch(waiting));
      running = false;
    }

    return (member) =>
      new Promise((settle, fail) => {
        const requestHash = hashOfRequest(ports.content, member.envelope);
        waiting.push({ ...member, requestHash, settle, fail });
        if (!running) void run();
      });
  };
}

interface Waiting<I, R> extends Member<I> {
  readonly requestHash: Uint8Array;
  readonly settle: (executed: Result<Executed<R>>) => void;
  readonly fail: (error: unknown) => void;
}

/** The first that wait; of two with one key the later one stays for the next batch. */
function takeBatch<I, R>(waiting: Waiting<I, R>[]): readonly Waiting<I, R>[] {
  const keys = new Set<string>();
  const batch: Waiting<I, R>[] = [];
  const left: Waiting<I, R>[] = [];
  for (const each of waiting.splice(0)) {
    const key = keyOf(each.envelope);
    if (batch.length >= membersMax || keys.has(key)) left.push(each);
    else batch.push(each);
    keys.add(key);
  }
  waiting.push(...left);
  return batch;
}

async function transact<I, R extends Json>(
  ports: CommandsPorts,
  { work, turn }: Together<I, R>,
  batch: readonly Waiting<I, R>[],
): Promise<readonly Result<Executed<R>>[]> {
  return await ports.database.writeInTurn(turn, async (tx) => {
    const now = ports.clock.now();
    const prior = await findPriors<R>(tx, batch);
    const fresh = batch.filter(({ envelope }) => !prior.has(keyOf(envelope)));
    const { outcomes, aside } =
      fresh.length === 0 ? { outcomes: [], aside: [] } : await work(tx, now, fresh);
    const carried = fresh.flatMap((each, i) => {
      const outcome = at(outcomes, i);
      return outcome.ok ? [{ ...each, outcome: outcome.value }] : [];
    });
    await write(ports, tx, { carried, aside, now });
    const answers = new Map<string, Result<Executed<R>>>(prior);
    for (const [i, { envelope }] of fresh.entries()) {
      const outcome = at(outcomes, i);
      const answer = outcome.ok
        ? ok({ response: outcome.value.response, replayed: false })
        : outcome;
      answers.set(keyOf(envelope), answer);
    }
    return batch.map((each) => {
      const answer = answers.get(keyOf(each.envelope));
      if (answer === undefined) throw new Error('a command without an answer');
      return answer;
    });
  });
}

type Carried<I, R extends Json> = Waiting<I, R> & { readonly outcome: Outcome<R> };

async function write<I, R extends Json>(
  { reactions }: CommandsPorts,
  tx: Transaction,
  done: {
    readonly carried: readonly Carried<I, R>[];
    readonly aside: readonly Act[];
    readonly now: Instant;
  },
): Promise<void> {
  const { carried, aside, now } = done;
  const acts: readonly Act[] = [
    ...aside,
    ...carried.flatMap(({ envelope, outcome }) =>
      outcome.events.map((event) => ({ ...event, actor: envelope.actor })),
    ),
  ];
  const contents = carried.flatMap(({ outcome }) => outcome.contents ?? []);
  await insertContents(tx, contents, now);
  await insertEntries(tx, acts, now);
  await reactions.follow(tx, acts, now);
  const asked = carried.flatMap(({ outcome }) => outcome.jobs ?? []);
  await insertJobs(tx, [...reactions.jobs(acts), ...asked], now);
  await remember(tx, carried, now);
}

async function findPriors<R>(
  tx: Transaction,
  batch: readonly Waiting<unknown, R>[],
): Promise<Map<string, Result<Executed<R>>>> {
  const rows = await tx.rows(sql<{
    party: string;
    key: string;
    request_hash: Uint8Array;
    response: R;
  }>`
    select i.party, i.key, i.request_hash, i.response
    from unnest(
      ${batch.map(({ envelope }) => envelope.actor.id)}::text[],
      ${batch.map(({ envelope }) => envelope.idempotencyKey)}::text[]
    ) as asked (party, key)
    join platform.idempotency i on i.party = asked.party and i.key = asked.key`);
  const hashes = new Map(batch.map((each) => [keyOf(each.envelope), each.requestHash]));
  return new Map(
    rows.map(({ party, key, request_hash, response }) => {
      const name = nameOf(party, key);
      const same = bytesToHex(hashes.get(name) ?? new Uint8Array()) === bytesToHex(request_hash);
      return [name, same ? ok({ response, replayed: true }) : refuse(keyReused)];
    }),
  );
}

async function remember<I, R extends Json>(
  tx: Transaction,
  carried: readonly Carried<I, R>[],
  now: Instant,
): Promise<void> {
  if (carried.length === 0) return;
  const column = <T>(pick: (each: Carried<I, R>) => T) => carried.map(pick);
  const inserted = await tx.run(sql`
    insert into platform.idempotency (party, key, operation, request_hash, response, at)
    select party, key, operation, request_hash, response, ${now}::timestamptz
    from unnest(
      ${column(({ envelope }) => envelope.actor.id)}::text[],
      ${column(({ envelope }) => envelope.idempotencyKey)}::text[],
      ${column(({ envelope }) => envelope.operation)}::text[],
      ${column(({ requestHash }) => Buffer.from(requestHash))}::bytea[],
      ${column(({ outcome }) => JSON.stringify(outcome.response))}::jsonb[]
    ) as c (party, key, operation, request_hash, response)
    on conflict do nothing`);
  // A command of another kind took one of the keys meanwhile: the next try finds its answer.
  if (inserted < carried.length) throw Object.assign(new Error('key taken'), { code: '40001' });
}

function keyOf({ actor, idempotencyKey }: Envelope): string {
  return nameOf(actor.id, idempotencyKey);
}

/** No id has a space in it. */
function nameOf(party: string, key: string): string {
  return `${party} ${key}`;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined)
    throw new Error(`expected an outcome for each member, got ${items.length}`);
  return item;
}
