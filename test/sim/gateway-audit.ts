import type { Database } from '../../apps/server/src/platform/database/database.ts';
import {
  admittedBy,
  idBy,
} from '../../apps/server/src/slices/frontier/gateway/meters/meters.fixture.ts';
import type { KeyLimits } from '../../apps/server/src/slices/frontier/gateway/model.ts';
import type { Step } from './gateway-play.ts';

/** What the rows hold of one request. */
export interface Stored {
  readonly id: string;
  readonly key: string;
  readonly figures: string;
  readonly reserved: Amounts;
  readonly settled: Amounts;
}
type Amounts = Readonly<Record<'inputTokens' | 'outputTokens' | 'costMicros', number>>;

/** What was found; everything but the counts of what happened has to be 0. */
export interface Found {
  readonly granted: number;
  readonly lost: number;
  readonly refused: number;
  readonly settledTwiceOrNever: number;
  readonly settledOtherwise: number;
  readonly wrongSums: number;
  readonly leftLeased: number;
  readonly overspent: number;
  readonly wrongRefusals: number;
  readonly contended: number;
  readonly faults: readonly string[];
}

export async function storedIn(database: Database): Promise<ReadonlyMap<string, Stored>> {
  const { rows } = await database.raw('select content from gateway.request');
  return new Map(
    rows.map(({ content }) => {
      const row: Stored = JSON.parse(String(content));
      return [row.id, row];
    }),
  );
}

/** Holds what processes told, killed or not, against what the rows hold in the end. */
export async function auditGateway(
  database: Database,
  keys: readonly Partial<KeyLimits>[],
  steps: readonly Step[],
): Promise<Found> {
  const stored = await storedIn(database);
  const of = <K extends Step['is']>(is: K) =>
    steps.filter((step): step is Extract<Step, { is: K }> => step.is === is);
  const granted = of('granted');
  const refused = of('refused');
  const settled = of('settled');
  const leased = await database.raw(
    `select (select count(*)::int from gateway.lease) + (select count(*)::int from gateway.meter
     where leased <> 0) as n`,
  );
  const grantRefusals = refused.filter(({ code }) => code === 'quota-spent');
  const history = historyOf(steps, stored);
  return {
    granted: granted.length,
    lost: [...stored.values()].filter(({ figures }) => figures === 'lost').length,
    refused: refused.length,
    settledTwiceOrNever: granted.filter(({ id }) => !stored.has(id)).length,
    settledOtherwise: settled.filter(({ id, taken }) => !agrees(stored.get(id), taken)).length,
    wrongSums: await wrongSums(database, [...stored.values()]),
    leftLeased: Number(leased.rows[0]?.['n']),
    overspent: overspent(keys, [...stored.values()]),
    wrongRefusals: grantRefusals.filter((step) => !isRight(step, { keys, history })).length,
    contended: refused.length - grantRefusals.length,
    faults: of('fault').map(({ text }) => text),
  };
}

function agrees(row: Stored | undefined, taken: Extract<Step, { is: 'settled' }>['taken']) {
  if (row === undefined) return false;
  if (taken === 'unused') return row.figures === 'unused' && row.settled.outputTokens === 0;
  if (taken === 'full') {
    return row.figures === 'none' && row.settled.outputTokens === row.reserved.outputTokens;
  }
  const { inputTokens, outputTokens } = row.settled;
  return inputTokens === taken.inputTokens && outputTokens === taken.outputTokens;
}

/** Meters of keys' lives that do not say what their requests come to. */
async function wrongSums(database: Database, stored: readonly Stored[]): Promise<number> {
  const { rows } = await database.raw(
    `select key, kind, used::int as used from gateway.meter where span = 'grant'`,
  );
  const sums = new Map<string, number>();
  for (const row of stored) {
    const add = (kind: string, amount: number) => {
      sums.set(`${row.key} ${kind}`, (sums.get(`${row.key} ${kind}`) ?? 0) + amount);
    };
    add('requests', row.figures === 'unused' ? 0 : 1);
    for (const [kind, amount] of Object.entries(row.settled)) add(kind, amount);
  }
  const told = rows.map(({ key, kind, used }) => [`${String(key)} ${String(kind)}`, used] as const);
  return told.filter(([name, used]) => (sums.get(name) ?? 0) !== used).length;
}

function overspent(keys: readonly Partial<KeyLimits>[], stored: readonly Stored[]): number {
  return keys.filter((limits, n) => {
    const rows = stored.filter(({ key }) => key === idBy('gkey', n));
    const { requests, ...rest } = limits.grant ?? {};
    const billed = rows.filter(({ figures }) => figures !== 'unused').length;
    const over = Object.entries(rest).some(([kind, most]) => {
      const sum = rows.reduce((all, { settled }) => all + amountOf(settled, kind), 0);
      return sum > (most ?? Infinity);
    });
    return over || billed > (requests ?? Infinity);
  }).length;
}

function amountOf(amounts: Amounts, kind: string): number {
  return kind === 'inputTokens' || kind === 'outputTokens' || kind === 'costMicros'
    ? amounts[kind]
    : 0;
}

/** A request that was granted: since when it may have held what, and what it came to. */
interface Held {
  readonly key: number;
  readonly since: number;
  /** Infinity: its process died. */
  readonly until: number;
  readonly row: Stored;
}
interface Asked {
  readonly since: number;
  readonly key: number;
  readonly output: number;
}
interface History {
  readonly asked: ReadonlyMap<string, Asked>;
  readonly held: readonly Held[];
}

/** A settlement reaches the rows so much later at most; until then its reservation counts. */
const settleMs = 20;

function historyOf(steps: readonly Step[], stored: ReadonlyMap<string, Stored>): History {
  const asked = new Map<string, Asked>();
  const settledAt = new Map<string, number>();
  for (const step of steps) {
    if (step.is === 'asked') {
      asked.set(step.id, { since: step.at, key: step.key, output: step.output });
    }
    if (step.is === 'settled') settledAt.set(step.id, step.at);
  }
  const held = [...stored.values()].flatMap((row) => {
    const began = asked.get(row.id);
    if (began === undefined) return [];
    const { key, since } = began;
    return [{ key, since, until: (settledAt.get(row.id) ?? Infinity) + settleMs, row }];
  });
  return { asked, held };
}

/**
 * A refusal is right if at one moment between question and answer what was asked was more than what
 * others had neither reserved nor spent, of one of the kinds it names.
 */
function isRight(
  refusal: Extract<Step, { is: 'refused' }>,
  { keys, history }: { keys: readonly Partial<KeyLimits>[]; history: History },
): boolean {
  const asked = history.asked.get(refusal.id);
  if (asked === undefined) return false;
  const limits = admittedBy(asked.key, keys[asked.key] ?? {}).limits;
  const others = history.held.filter(({ key, since }) => key === asked.key && since <= refusal.at);
  return refusal.short.some((name) => {
    const kind = name.slice(name.indexOf(' ') + 1);
    const most = name === 'now atOnce' ? limits.concurrency : limitOf(limits.grant, kind);
    const need = needOf(asked.output, kind);
    // What is taken only grows until something is settled: those moments are the ones to look at.
    const moments = others.flatMap(({ until }) =>
      until > asked.since && until < refusal.at ? [until - 0.001] : [],
    );
    return [refusal.at, ...moments].some((moment) => takenAt(others, kind, moment) + need > most);
  });
}

function limitOf(quota: KeyLimits['grant'], kind: string): number {
  const limit = Object.entries(quota).find(([name]) => name === kind)?.[1];
  return limit ?? Infinity;
}

function needOf(output: number, kind: string): number {
  if (kind === 'inputTokens') return 100;
  if (kind === 'outputTokens') return output;
  return kind === 'costMicros' ? 300 + 15 * output : 1;
}

function takenAt(others: readonly Held[], kind: string, moment: number): number {
  return others.reduce((sum, { since, until, row }) => {
    if (since > moment) return sum;
    const isOpen = until >= moment;
    if (kind === 'atOnce') return sum + (isOpen ? 1 : 0);
    if (kind === 'requests') return sum + (isOpen || row.figures !== 'unused' ? 1 : 0);
    return sum + amountOf(isOpen ? row.reserved : row.settled, kind);
  }, 0);
}
