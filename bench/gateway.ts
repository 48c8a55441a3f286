import { setTimeout as delay } from 'node:timers/promises';
import { findPostgres } from '../tools/postgres.ts';
import { onPostgres } from './engines.ts';
import { type Ours, startBreakwater } from './peers/breakwater-gateway.ts';
import {
  buildLoad,
  callWith,
  startUpstream,
  type Target,
  type Told,
  type Upstream,
} from './peers/gateway-load.ts';
import {
  findLiteLlm,
  findPortkey,
  type Running,
  startLiteLlm,
  startPortkey,
} from './peers/gateways.ts';
import {
  busyOf,
  canGoFirst,
  cannotPin,
  cores,
  pinThis,
  processorSeconds,
  residentMiB,
} from './peers/pinned.ts';
import type { BenchOptions, Report, Row } from './row.ts';
import { quantile } from './timing.ts';

const orders = 'order of work';

/** How long and how much; a quick look is for trying whether all of it runs. */
const sizes = {
  full: {
    clients: 64,
    warm: 5,
    saturated: 15,
    steady: 20,
    requests: 1_000_000,
    streams: 2_000,
    hold: 30,
  },
  short: { clients: 8, warm: 1, saturated: 4, steady: 3, requests: 10_000, streams: 200, hold: 5 },
} as const;
type Sizes = (typeof sizes)[keyof typeof sizes];

/** What a measurement goes on with. */
interface Bench {
  /** The command of both ends. */
  readonly load: string;
  readonly upstream: Upstream;
  readonly sizes: Sizes;
}

/** What one gateway did when it was asked as fast as it answered. */
interface Saturated {
  readonly name: string;
  readonly perSecond: number;
  readonly told: Told;
  /** Shares of the two processors that were busy meanwhile, in percent. */
  readonly gatewayBusy: number;
  readonly endsBusy: number;
}

/**
 * The gateway beside LiteLLM and Portkey: the same calls to the same fake upstream, each gateway
 * one process on one processor, callers and upstream (and our database) on the other.
 */
export async function run({ short }: BenchOptions): Promise<Report> {
  const cannot = cannotPin();
  if (cannot !== null) throw new Error(cannot);
  const postgres = findPostgres();
  if ('missing' in postgres) throw new Error(postgres.missing);
  const built = await buildLoad();
  if ('missing' in built) throw new Error(`the ends of the measurement: ${built.missing}`);
  // The database and the server are started from here: they share the processor of both ends.
  pinThis(cores.ends);
  await using upstream = await startUpstream(built.command);
  const bench = { load: built.command, upstream, sizes: short ? sizes.short : sizes.full };
  const direct = await saturate(bench, { name: 'no gateway', target: directly(upstream) });
  const peers = await beside(bench);
  const ours = await onPostgres(async (engine) => {
    await using running = await startBreakwater(engine, upstream.address);
    return await measureOurs(bench, { running, peers });
  });
  return {
    rows: [...saturationRows(direct, peers, ours), ...peers.steady, ...ours.rows],
    peers: peers.told,
    notes: [
      'Each gateway is one process that has one processor to itself; the other has the callers, the fake upstream and, of ours alone, PostgreSQL and the server. A question of a kilobyte, an answer of half of one, given at once. Latency counts from the moment a call was due; what is added is the difference to the same calls without a gateway, at the same rate, just before.',
      canGoFirst()
        ? 'Callers and fake upstream go first on their processor (SCHED_RR).'
        : 'Callers and fake upstream could not go first on their processor (SCHED_RR needs CAP_SYS_NICE): they waited for PostgreSQL and the server at times, which counts as the gateway’s.',
      'Portkey takes no key of its own and records nothing; LiteLLM has one master key and no database; ours has keys, quotas of every kind and span, and a record of each request on PostgreSQL with fsync on.',
      ...peers.notes,
      ...ours.notes,
    ],
  };
}

function directly({ address }: Upstream): Target {
  const callers = [['authorization: Bearer sk-fake']];
  return { url: `${address}/v1/chat/completions`, callers, model: 'fake' };
}

async function saturate(
  { load, sizes: { clients, warm, saturated } }: Bench,
  { name, target }: Pick<Running, 'name' | 'target'>,
): Promise<Saturated> {
  // The first calls of a process load and compile what the rest of them find there.
  await callWith(load, target, { connections: 16, count: 200, seconds: 120 });
  const plan = { connections: clients, warmSeconds: warm, seconds: saturated };
  const calling = callWith(load, target, plan);
  // Whoever awaits below would leave this one unheard.
  calling.catch(() => undefined);
  await delay(warm * 1_000);
  const before = [busyOf(cores.gateway), busyOf(cores.ends)] as const;
  await delay(saturated * 900);
  const after = [busyOf(cores.gateway), busyOf(cores.ends)] as const;
  const told = withoutFailures(name, await calling);
  const busy = (at: 0 | 1) =>
    (100 * (after[at].busy - before[at].busy)) / Math.max(1, after[at].all - before[at].all);
  const perSecond = told.answered / told.seconds;
  return { name, perSecond, told, gatewayBusy: busy(0), endsBusy: busy(1) };
}

/** A figure of calls that failed would be one of refusals. */
function withoutFailures(name: string, told: Told): Told {
  if (told.failed === 0) return told;
  throw new Error(`${name}: ${told.failed} calls failed, the first: ${told.fault}`);
}

interface Peers {
  readonly saturated: readonly Saturated[];
  readonly steady: readonly Row[];
  readonly told: readonly string[];
  readonly notes: readonly string[];
}

async function beside(bench: Bench): Promise<Peers> {
  const all = [
    { name: 'Portkey', find: findPortkey, start: startPortkey },
    { name: 'LiteLLM', find: findLiteLlm, start: startLiteLlm },
  ];
  const saturated: Saturated[] = [];
  const steady: Row[] = [];
  const [told, notes]: [string[], string[]] = [[], []];
  for (const { name, find, start } of all) {
    const peer = await find();
    if ('missing' in peer) {
      notes.push(`${name} ${peer.version} was not measured: ${peer.missing}`);
      continue;
    }
    try {
      await using running = await start(peer.command, bench.upstream.address);
      const own = await saturate(bench, running);
      const half = { rate: own.perSecond / 2, named: 'half of its own' };
      steady.push(...addedRows(name, half, await added(bench, running.target, half.rate)));
      steady.push(memoryRow(`${name}: memory after these`, residentMiB(running.pid)));
      saturated.push(own);
      told.push(`${name} ${peer.version}`);
    } catch (error) {
      notes.push(`${name} ${peer.version} was not measured to the end: ${String(error)}`);
    }
  }
  return { saturated, steady, told, notes };
}

interface Added {
  readonly direct: Told;
  readonly through: Told;
}

/** The same calls at fixed moments, first without a gateway and then through it. */
async function added(bench: Bench, target: Target, rate: number): Promise<Added> {
  const { warm, steady } = bench.sizes;
  const plan = { connections: 32, warmSeconds: warm, seconds: steady, rate };
  const direct = await callWith(bench.load, directly(bench.upstream), plan);
  const through = await callWith(bench.load, target, plan);
  return {
    direct: withoutFailures('no gateway', direct),
    through: withoutFailures(target.url, through),
  };
}

interface Rate {
  readonly rate: number;
  readonly named: string;
}

function addedRows(name: string, at: Rate, { direct, through }: Added, limits: Limits = {}): Row[] {
  const where = `${name}: added at ${Math.round(at.rate)} a second (${at.named})`;
  const ms = (key: 'p50' | 'p99') => (through[key] - direct[key]) / 1_000;
  return [
    { name: `${where}, p50`, value: ms('p50'), unit: 'ms', ...below(ms('p50'), limits.p50) },
    { name: `${where}, p99`, value: ms('p99'), unit: 'ms', ...below(ms('p99'), limits.p99) },
    { name: `without a gateway at that rate, p99`, value: direct.p99 / 1_000, unit: 'ms' },
    { name: `calls sent after their moment, p99`, value: through.lateP99 / 1_000, unit: 'ms' },
  ];
}

interface Limits {
  readonly p50?: number;
  readonly p99?: number;
}

function below(value: number, limit: number | undefined): Pick<Row, 'limit'> {
  return limit === undefined ? {} : { limit: { name: orders, value: limit, met: value < limit } };
}

function memoryRow(name: string, value: number): Row {
  return { name, value, unit: 'MiB' };
}

function saturationRows(direct: Saturated, { saturated }: Peers, ours: OursMeasured): Row[] {
  const rows = [direct, ...saturated].map(({ name, perSecond }) => ({
    name: `${name}: requests answered`,
    value: perSecond,
    unit: '/s',
  }));
  const own = ours.saturated.perSecond;
  const beside = saturated.map(({ name, perSecond }) => {
    const least = perSecond * (name === 'LiteLLM' ? 10 : 1.5);
    return {
      name: `Breakwater: requests answered, beside ${name}`,
      value: own,
      unit: '/s',
      limit: { name: orders, value: least, met: own >= least },
      ratio: own / perSecond,
    };
  });
  const busy = [direct, ...saturated, ours.saturated].flatMap((each) => [
    { name: `${each.name}: its processor busy at that`, value: each.gatewayBusy, unit: '%' },
    { name: `${each.name}: processor of both ends busy`, value: each.endsBusy, unit: '%' },
  ]);
  return [...rows, ...beside, ...busy.slice(1)];
}

interface OursMeasured {
  readonly saturated: Saturated;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

interface OursBeside {
  readonly running: Ours;
  readonly peers: Peers;
}

async function measureOurs(bench: Bench, { running, peers }: OursBeside): Promise<OursMeasured> {
  const databaseBefore = running.databaseSeconds();
  const processBefore = processorSeconds(running.pid);
  const own = await saturate(bench, running);
  const databaseShare =
    (running.databaseSeconds() - databaseBefore) / (processorSeconds(running.pid) - processBefore);
  const rows: Row[] = [
    {
      name: 'Breakwater: processor time of PostgreSQL beside its own',
      value: 100 * databaseShare,
      unit: '%',
    },
  ];
  const portkey = peers.saturated.find(({ name }) => name === 'Portkey');
  if (portkey !== undefined) {
    const at = { rate: portkey.perSecond / 2, named: 'half of Portkey’s' };
    const limits = { p50: 1, p99: 5 };
    rows.push(...addedRows('Breakwater', at, await added(bench, running.target, at.rate), limits));
  }
  const half = { rate: own.perSecond / 2, named: 'half of its own' };
  rows.push(...addedRows('Breakwater', half, await added(bench, running.target, half.rate)));
  rows.push(...(await memoryOver(bench, running)), ...(await memoryOfStreams(bench, running)));
  const recorded = await running.recorded();
  return {
    saturated: own,
    rows,
    notes: [`Of ours ${recorded} requests stood in the record when all of it was over.`],
  };
}

/** Resident memory while very many requests go through, as fast as they are answered. */
async function memoryOver({ load, sizes }: Bench, running: Ours): Promise<Row[]> {
  const { clients, requests } = sizes;
  const plan = { connections: clients, seconds: 3_600, count: requests };
  const { told, samples } = await sampled(running, callWith(load, running.target, plan));
  withoutFailures('Breakwater', told);
  if (told.answered !== requests) throw new Error(`${told.answered} of ${requests} were answered`);
  return flatRows(`Breakwater: memory over ${requests} requests`, samples);
}

/** Resident memory while streams are open, twice: what the first left behind shows in the second. */
async function memoryOfStreams(bench: Bench, running: Ours): Promise<Row[]> {
  const { streams, hold } = bench.sizes;
  const before = residentMiB(running.pid);
  const waves: { readonly told: Told; readonly samples: readonly number[] }[] = [];
  for (let wave = 0; wave < 2; wave++) {
    const plan = { connections: streams, count: streams, seconds: 60, holdSeconds: hold };
    const one = await sampled(running, callWith(bench.load, running.target, plan));
    withoutFailures('Breakwater', one.told);
    if (one.told.answered !== streams) throw new Error(`${one.told.answered} streams were whole`);
    waves.push(one);
  }
  const peaks = waves.map(({ samples }) => Math.max(...samples));
  const [first = 0, second = 0] = peaks;
  const open = waves[0]?.samples ?? [];
  return [
    memoryRow(`Breakwater: memory before ${streams} open streams`, before),
    memoryRow(`Breakwater: memory with ${streams} open streams, at its peak`, first),
    ...flatRows(`Breakwater: memory while ${streams} streams are open`, open),
    grownRow(`Breakwater: grown from their first peak to that of as many again`, first, second),
    {
      name: 'Breakwater: a stream’s end after its last word was due, p99',
      value: (waves[1]?.told.p99 ?? 0) / 1_000 - hold * 1_000,
      unit: 'ms',
    },
  ];
}

interface Sampled {
  readonly told: Told;
  readonly samples: readonly number[];
}

async function sampled(running: Ours, calling: Promise<Told>): Promise<Sampled> {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(residentMiB(running.pid)), 500);
  try {
    const told = await calling;
    samples.push(residentMiB(running.pid));
    return { told, samples };
  } finally {
    clearInterval(timer);
  }
}

/** The medians of the second tenth, when all is warm, and of the last. */
function flatRows(name: string, samples: readonly number[]): Row[] {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const early = quantile(samples.slice(tenth, 2 * tenth), 0.5) || (samples[0] ?? 0);
  const late = quantile(samples.slice(-tenth), 0.5);
  return [memoryRow(`${name}, at the end`, late), grownRow(`${name}, grown`, early, late)];
}

function grownRow(name: string, from: number, to: number): Row {
  const value = 100 * (to / from - 1);
  return { name, value, unit: '%', limit: { name: 'flat', value: 10, met: value <= 10 } };
}
