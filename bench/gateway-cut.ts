import { type ClientRequest, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gateway } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { findPostgres } from '../tools/postgres.ts';
import { type Engine, onPostgres } from './engines.ts';
import {
  type Access,
  giveAccess,
  startGateway,
  upstreamsHere,
} from './peers/breakwater-gateway.ts';
import { buildLoad, startUpstream } from './peers/gateway-load.ts';
import { end } from './peers/gateways.ts';
import type { BenchOptions, Report, Row } from './row.ts';
import { startServer } from './server.ts';

const processes = 3;
const sizes = { full: 1_000, short: 60 } as const;
/** A word a second of each stream: of a thousand of them there is one each millisecond. */
const holdSeconds = 60;
const openMsMax = 40_000;
/** How long is watched whether more comes after an act. */
const watchedMs = 3_000;

type Subject = Id<'gkey' | 'member' | 'party' | 'window' | 'tier' | 'model'>;

/** One stream that is open. */
interface Stream {
  /** Which of the keys it is called by. */
  readonly by: number;
  readonly call: ClientRequest;
  words: number;
  /** Its last byte so far, and its end; by performance.now(). */
  lastMs: number;
  endedMs: number | null;
}

/**
 * What is cut off, over three processes of the gateway with a thousand streams open: when the last
 * byte of any of them comes after the act was asked for, and that the others go on.
 */
export async function run({ short }: BenchOptions): Promise<Report> {
  const postgres = findPostgres();
  if ('missing' in postgres) throw new Error(postgres.missing);
  const built = await buildLoad();
  if ('missing' in built) throw new Error(`the upstream of the measurement: ${built.missing}`);
  const count = short ? sizes.short : sizes.full;
  await using upstream = await startUpstream(built.command);
  const rows = await onPostgres(async (engine) => await measure(engine, upstream.address, count));
  return {
    rows,
    notes: [
      `${count} streams over ${processes} processes of the gateway and four keys, each a word a second, with keys, quotas and record on PostgreSQL with fsync on; all of it on two processors. Times count from the moment at which the act was asked of the server, so that its own commit is in them, to the last byte and the last end of any stream.`,
    ],
  };
}

async function measure(engine: Engine, upstream: string, count: number): Promise<Row[]> {
  const server = await startServer(engine, { settings: upstreamsHere });
  const gateways: Awaited<ReturnType<typeof startGateway>>[] = [];
  try {
    const access = await giveAccess(server, upstream);
    for (let n = 0; n < processes; n++) gateways.push(await startGateway(engine, n % 2));
    const addresses = gateways.map(({ address }) => address);
    const [first] = access.keys;
    if (first === undefined) throw new Error('no key was given');
    const { keys, tierKeys } = access;
    const subjects = [
      ['a key', first.key, keys],
      ['a person', access.member, keys],
      ['a party', access.party, keys],
      ['a window', access.window, keys],
      ['a tier', access.tier, tierKeys],
      ['a model', access.model, keys],
    ] as const;
    const rows: Row[] = [];
    for (const [what, of, calledBy] of subjects) {
      const streams = await open(addresses, { count, keys: calledBy });
      rows.push(...(await cutOff(access, { what, of, streams })));
    }
    return rows;
  } finally {
    for (const { child } of gateways) await end(child);
    await server.stop();
  }
}

async function open(
  addresses: readonly string[],
  { count, keys }: { readonly count: number; readonly keys: Access['keys'] },
): Promise<readonly Stream[]> {
  const streams: Stream[] = [];
  for (let n = 0; n < count; n++) {
    const by = n % keys.length;
    const address = addresses[Math.floor(n / keys.length) % addresses.length] ?? '';
    streams.push(openOne(address, { by, secret: keys[by]?.secret ?? '' }));
    // Spread over a second, so that words come at every moment of it.
    await delay(1_000 / count);
  }
  const started = performance.now();
  while (streams.some(({ words }) => words < 2)) {
    const ended = streams.filter(({ endedMs }) => endedMs !== null).length;
    if (ended > 0) throw new Error(`${ended} of ${count} streams ended before they were cut off`);
    if (performance.now() - started > openMsMax) throw new Error('the streams did not all open');
    await delay(50);
  }
  return streams;
}

function openOne(
  address: string,
  { by, secret }: { readonly by: number; readonly secret: string },
): Stream {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const call = request(`${address}/v1/chat/completions`, { method: 'POST', agent: false, headers });
  const stream: Stream = { by, call, words: 0, lastMs: 0, endedMs: null };
  const finish = () => {
    stream.endedMs ??= performance.now();
  };
  call.on('error', finish).on('response', (answer) => {
    answer.on('error', finish).on('close', finish);
    answer.on('data', () => {
      stream.words += 1;
      stream.lastMs = performance.now();
    });
  });
  const messages = [{ role: 'user', content: `hold ${holdSeconds} words` }];
  call.end(JSON.stringify({ model: 'fake', stream: true, max_tokens: 256, messages }));
  return stream;
}

async function cutOff(
  { developer }: Access,
  {
    what,
    of,
    streams,
  }: { readonly what: string; readonly of: Subject; readonly streams: readonly Stream[] },
): Promise<readonly Row[]> {
  const askedMs = performance.now();
  const { cut } = await developer.call(gateway.cut, { body: { of, reason: 'a measurement' } });
  await delay(watchedMs);
  // Of the four keys the first one alone is cut off where a key is.
  const isCut = ({ by }: Stream) => what !== 'a key' || by === 0;
  const ended = streams.filter(isCut);
  const others = streams.filter((stream) => !isCut(stream));
  const open = ended.filter(({ endedMs }) => endedMs === null).length;
  if (open > 0)
    throw new Error(`${open} streams are open ${watchedMs} ms after ${what} was cut off`);
  const broken = others.filter(({ endedMs }) => endedMs !== null).length;
  if (broken > 0) throw new Error(`${broken} streams of other keys ended as well`);
  for (const { call } of others) call.destroy();
  await developer.call(gateway.lift, { params: { cut }, body: {} });
  // What processes know of the cut-off is known to be over before the next streams begin.
  await delay(watchedMs);
  const lastByte = Math.max(...ended.map(({ lastMs }) => lastMs)) - askedMs;
  const lastEnd = Math.max(...ended.map(({ endedMs }) => endedMs ?? 0)) - askedMs;
  const limit = { name: 'order of work', value: 1_000 };
  const whose = `${what}, ${ended.length} streams`;
  return [
    {
      name: `${whose}: last byte`,
      value: lastByte,
      unit: 'ms',
      limit: { ...limit, met: lastByte < limit.value },
    },
    { name: `${whose}: last end`, value: lastEnd, unit: 'ms' },
  ];
}
