import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  collect,
  createClient,
  type FindingsFile,
  type PrecheckEpoch,
  precheck,
} from '@breakwater/contract';
import { fromBase64, toBase64, utf8 } from '@breakwater/kernel';
import {
  type Asked,
  blind,
  bucketOf,
  deriveEpochKeys,
  finalize,
  inputOf,
  openBucket,
  outputOf,
  precheckKeys,
} from '@breakwater/precheck';
import { findPostgres } from '../tools/postgres.ts';
import { distinguish, pMin, steadied, tMax, toldApart } from './distinguish.ts';
import { type Engine, onEmbedded, onPostgres } from './engines.ts';
import type { BenchOptions, Report, Row } from './row.ts';
import { type Server, startServer } from './server.ts';
import { quantile, timed } from './timing.ts';

/** Enough for sixteen buckets, of which every request asks for eight. */
const findings = 700;
const elements = 8;
/** Of either kind, asked for again and again in the samples. */
const outputsOfKind = 64;
const waitMsMax = 180_000;
/** Differences that are added to what was measured, until one is seen. In microseconds. */
const added = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000];
const addedToSee = 50;

/**
 * What a pre-check costs, and whether its time tells what is known: as many times asked for what is
 * known as for what is not, in an order by chance, over HTTP. The peer is the same server's answer
 * to the other question. Nothing else goes on there: no checkpoint, and no waiting for a disk, since
 * that would hide a difference.
 */
export async function run(options: BenchOptions): Promise<Report> {
  if ('missing' in findPostgres()) return await onEmbedded((engine) => measure(engine, options));
  return await onPostgres((engine) => measure(engine, options), { durable: false });
}

async function measure(engine: Engine, { short }: BenchOptions): Promise<Report> {
  const samples = short ? 200 : 10_000;
  const epoch = await prepare(engine);
  const settings = { BREAKWATER_PRECHECK_ELEMENTS_PER_DAY: '1000000' };
  const server = await startServer(engine, { cadenceSeconds: 86_400, settings });
  const door = openDoor(server, (await server.party('finder')).key);
  try {
    const asked: Asking = { door, epoch };
    const outputs = {
      known: await outputsFor(asked, (n) => n),
      unknown: await outputsFor(asked, (n) => findings + n),
    };
    const evaluated = await sampled(samples, (known) => evaluateOne(asked, known));
    const fetched = await sampled(samples, async (known, n) => {
      const all = known ? outputs.known : outputs.unknown;
      const output = all[randomInt(all.length)];
      if (output === undefined) throw new Error('expected an output');
      return await fetchOne(asked, { output, known, open: n % 50 === 0 });
    });
    const perRequest = `${epoch.bucketsPerRequest} of ${2 ** epoch.prefixBits} buckets a request`;
    return {
      rows: [
        ...costs('evaluate', evaluated),
        ...costs('buckets', fetched),
        ...told('evaluate', evaluated, { short }),
        ...told('buckets', fetched, { short }),
        ...worked('evaluate', evaluated),
        ...worked('buckets', fetched),
        { name: 'an answer with evaluations', value: evaluated.bytes, unit: 'bytes' },
        { name: 'an answer with buckets', value: fetched.bytes, unit: 'bytes' },
        { name: 'entering one key when an epoch is filled', value: await entering(), unit: 'µs' },
      ],
      notes: [
        `${engine.name} without waiting for the disk; ${findings} known keys, ${perRequest}; at each door ${samples / 2} requests for what is known and as many for what is not, in an order by chance, each answer timed until its last byte, less the median of the hundred around it`,
        `no difference: |t| up to ${tMax} (ISO/IEC 17825), also of the faster nine tenths alone, and p, how often chance alone shows as much, not below ${pMin}; an area of 0.5 tells nothing`,
        'that these tests can fail: the same figures with so much added to each answer about what is known; the least of the steps from 50 µs on that one of the tests tells apart',
        'the work is what Linux counts for the main thread of the server from the request to the last byte',
        'bytes are those of the body; every answer had as many',
      ],
    };
  } finally {
    door.close();
    await server.stop();
  }
}

/** Fills a server, which writes its log fast until the key of what it holds is committed. */
async function prepare(engine: Engine): Promise<PrecheckEpoch> {
  const server = await startServer(engine, { cadenceSeconds: 1 });
  try {
    await fill(server);
    return await epochOf(server, (await server.party('finder')).client);
  } finally {
    await server.stop();
  }
}

async function fill(server: Server): Promise<void> {
  const file: FindingsFile = { findings: Array.from({ length: findings }, (_, n) => finding(n)) };
  await (await server.party('coordinator')).client.call(collect.import, {
    body: { format: 'findings', file: toBase64(utf8(JSON.stringify(file))) },
  });
}

function finding(n: number): FindingsFile['findings'][number] {
  const { package: software, weakness, location } = place(n);
  const about = { title: 'Overflow', description: 'Told at length', version: '1.7.15-1' };
  const marking = 'AMBER' as const;
  return {
    finding: { kind: 'native', package: software, weakness, location, marking, ...about },
  };
}

function place(n: number) {
  return {
    package: 'pkg:deb/debian/cjson',
    weakness: 'CWE-121',
    location: { path: 'cJSON.c', function: `parse_${n}` },
  };
}

/** The first key comes within a minute of a start. */
async function epochOf(server: Server, client: Client): Promise<PrecheckEpoch> {
  const until = performance.now() + waitMsMax;
  while (performance.now() < until) {
    const [epoch] = (await client.call(precheck.precheckKeys)).epochs;
    if (epoch !== undefined) return epoch;
    await delay(500);
  }
  throw new Error(`${server.address} committed to no key within ${waitMsMax / 1000} s`);
}

interface Asking {
  readonly door: Door;
  readonly epoch: PrecheckEpoch;
}

/** What one answer took and was. */
interface Answered {
  readonly ms: number;
  /** Milliseconds that the server's main thread worked meanwhile; null where nobody tells. */
  readonly work: number | null;
  readonly bytes: number;
}

/** One connection to a server, and how long the last answer took. */
interface Door {
  readonly client: Client;
  last(): Answered;
  close(): void;
}

/** Over the platform's own client, which takes less time of its own, and no other each time, than fetch. */
function openDoor({ address, pid }: Server, key: string): Door {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let last: Answered = { ms: 0, work: null, bytes: 0 };
  const send = (url: string, init: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      const method = init.method ?? 'GET';
      const headers = Object.fromEntries(new Headers(init.headers));
      const body = typeof init.body === 'string' ? init.body : '';
      const worked = workOf(pid);
      const start = performance.now();
      const out = request(url, { agent, method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          const ms = performance.now() - start;
          const bytes = Buffer.concat(chunks);
          const work = worked === null ? null : (workOf(pid) ?? worked) - worked;
          last = { ms, work, bytes: bytes.length };
          resolve(new Response(bytes, { status: answer.statusCode ?? 500 }));
        });
      });
      out.once('error', reject);
      out.end(body);
    });
  return {
    client: createClient({ baseUrl: address, key, fetch: send }),
    last: () => last,
    close: () => agent.destroy(),
  };
}

/** Milliseconds that a process's main thread has been on a processor, which others' load does not change. */
function workOf(pid: number): number | null {
  const file = `/proc/${pid}/task/${pid}/schedstat`;
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1_000_000 : null;
}

/** Answers in the order in which they came. */
interface Taken {
  readonly ms: readonly number[];
  readonly work: readonly (number | null)[];
  readonly known: readonly boolean[];
  /** Of each answer: it is an error where one had another length. */
  readonly bytes: number;
}

async function sampled(
  samples: number,
  one: (known: boolean, n: number) => Promise<Answered>,
): Promise<Taken> {
  const ms: number[] = [];
  const work: (number | null)[] = [];
  const known: boolean[] = [];
  const taken = { ms, known, work, bytes: 0 };
  for (let n = 0; n < 20; n++) await one(n % 2 === 0, n); // until both are warm
  let left = { known: samples / 2, unknown: samples / 2 };
  for (let n = 0; n < samples; n++) {
    const isKnown = randomInt(left.known + left.unknown) < left.known;
    left = isKnown ? { ...left, known: left.known - 1 } : { ...left, unknown: left.unknown - 1 };
    const answered = await one(isKnown, n);
    const { bytes } = answered;
    if (![0, bytes].includes(taken.bytes)) throw new Error(`${bytes} bytes, not ${taken.bytes}`);
    taken.bytes = bytes;
    ms.push(answered.ms);
    work.push(answered.work);
    known.push(isKnown);
  }
  return taken;
}

/** Key number `n`: below `findings` one that is known. */
function inputFor(n: number): Uint8Array {
  const key = precheckKeys(place(n)).find(({ text }) => text.endsWith(' | reported'));
  if (key === undefined) throw new Error('expected a key of a written report');
  return inputOf(key);
}

const random = (length: number) => new Uint8Array(randomBytes(length));
const nothings = Array.from({ length: elements - 1 }, () => blind(random(32), random));

async function evaluateOne({ door, epoch }: Asking, known: boolean) {
  const n = randomInt(findings);
  const asked = [blind(inputFor(known ? n : findings + n), random), ...nothings];
  await evaluation({ door, epoch }, asked);
  return door.last();
}

async function evaluation({ door, epoch }: Asking, asked: readonly Asked[]) {
  const body = { epoch: epoch.epoch, elements: asked.map(({ element }) => toBase64(element)) };
  const { evaluated, proof } = await door.client.call(precheck.precheckEvaluate, { body });
  return { evaluated: evaluated.map(bytesOf), proof: bytesOf(proof) };
}

/** What an asker knows of `outputsOfKind` keys before it fetches a bucket. */
async function outputsFor(asking: Asking, numberOf: (n: number) => number) {
  const outputs: Uint8Array[] = [];
  while (outputs.length < outputsOfKind) {
    const from = outputs.length;
    const asked = Array.from({ length: elements }, (_, i) =>
      blind(inputFor(numberOf(from + i)), random),
    );
    const answer = await evaluation(asking, asked);
    const done = finalize(asked, answer, bytesOf(asking.epoch.publicKey));
    if (!done.ok) throw new Error(done.refusal.got);
    outputs.push(...done.value);
  }
  return outputs;
}

/** Fetches as an asker of one output does; `open`: looks whether the answer is what it has to be. */
async function fetchOne(
  { door, epoch }: Asking,
  of: { readonly output: Uint8Array; readonly known: boolean; readonly open: boolean },
) {
  const meant = bucketOf(of.output, epoch);
  const numbers = new Set([meant]);
  while (numbers.size < epoch.bucketsPerRequest) numbers.add(bucketOf(random(3), epoch));
  const buckets = [...numbers].toSorted((a, b) => a - b);
  const body = { epoch: epoch.epoch, buckets };
  const answer = await door.client.call(precheck.precheckBuckets, { body });
  const took = door.last();
  if (of.open) {
    const bucket = bytesOf(answer.buckets[buckets.indexOf(meant)] ?? '');
    const by = { output: of.output, epoch: epoch.epoch, salt: bytesOf(answer.salt) };
    if ((openBucket(bucket, by) !== null) !== of.known) {
      throw new Error(`expected ${of.known ? 'a known key' : 'none'}`);
    }
  }
  return took;
}

function costs(what: string, { ms }: Taken): Row[] {
  return [0.5, 0.99].map((share) => ({
    name: `${what}, p${share * 100}`,
    value: quantile(ms, share),
    unit: 'ms',
  }));
}

function told(what: string, taken: Taken, { short }: BenchOptions): Row[] {
  const found = compared(taken, 0);
  const { t, tOfFast, visible, distance, distanceP, auc, aucP } = found;
  const most = (value: number) => ({ name: 'no difference', value: tMax, met: value <= tMax });
  const least = (p: number) => ({ name: 'no difference', value: pMin, met: p >= pMin });
  const [all, fast] = [Math.abs(t), Math.abs(tOfFast)];
  const seen = added.find((us) => toldApart(compared(taken, us / 1_000))) ?? Infinity;
  const must = { name: 'has to be seen', value: addedToSee, met: seen <= addedToSee };
  return [
    { name: `${what}, known beside not: |t| (Welch)`, value: all, unit: '', limit: most(all) },
    { name: `${what}: |t| of the fast`, value: fast, unit: '', limit: most(fast) },
    { name: `${what}: distance (Kolmogorov and Smirnov)`, value: distance, unit: '' },
    { name: `${what}: distance, p`, value: distanceP, unit: '', limit: least(distanceP) },
    { name: `${what}: area under the curve`, value: auc, unit: '' },
    { name: `${what}: area, p`, value: aucP, unit: '', limit: least(aucP) },
    { name: `${what}: a difference of the means that would be seen`, value: visible, unit: 'ms' },
    ...withAdded(what, compared(taken, addedToSee / 1_000)),
    // Too few are no test of the tests.
    {
      name: `${what}: the least added that is seen`,
      value: seen,
      unit: 'µs',
      ...(short ? {} : { limit: must }),
    },
  ];
}

/** The same of the time that the server's main thread was on a processor: no line, no disk, no others. */
function worked(what: string, { work, known }: Taken): Row[] {
  const ms = work.filter((each) => each !== null);
  if (ms.length < work.length) return [];
  const found = compared({ ms, known }, 0);
  const t = Math.max(Math.abs(found.t), Math.abs(found.tOfFast));
  const p = Math.min(found.distanceP, found.aucP);
  const seen = added.find((us) => toldApart(compared({ ms, known }, us / 1_000))) ?? Infinity;
  const name = `${what}, the thread's work`;
  const no = 'no difference';
  return [
    { name: `${name}, p50`, value: quantile(ms, 0.5), unit: 'ms' },
    {
      name: `${name}: the larger |t|`,
      value: t,
      unit: '',
      limit: { name: no, value: tMax, met: t <= tMax },
    },
    {
      name: `${name}: the smaller p`,
      value: p,
      unit: '',
      limit: { name: no, value: pMin, met: p >= pMin },
    },
    { name: `${name}: the least added that is seen`, value: seen, unit: 'µs' },
  ];
}

function withAdded(what: string, { t, tOfFast, distanceP, aucP }: ReturnType<typeof distinguish>) {
  const name = `${what}, ${addedToSee} µs added`;
  return [
    { name: `${name}: the larger |t|`, value: Math.max(Math.abs(t), Math.abs(tOfFast)), unit: '' },
    { name: `${name}: the smaller p`, value: Math.min(distanceP, aucP), unit: '' },
  ];
}

/** Known beside unknown, as if each answer about what is known had taken `later` milliseconds more. */
function compared({ ms, known }: Pick<Taken, 'ms' | 'known'>, later: number) {
  const steady = steadied(ms.map((time, i) => (known[i] === true ? time + later : time)));
  const of = (kind: boolean) => steady.filter((_, i) => known[i] === kind);
  return distinguish(of(true), of(false));
}

/** Microseconds that the output of one key takes whoever holds the secret. */
async function entering(): Promise<number> {
  const { secretKey } = deriveEpochKeys(new Uint8Array(32).fill(7), utf8('bench'));
  const inputs = Array.from({ length: 500 }, (_, n) => utf8(`key ${n}`));
  for (const input of inputs.slice(0, 50)) outputOf(secretKey, input);
  const took = await timed(async () => {
    for (const input of inputs) outputOf(secretKey, input);
  });
  return (took * 1000) / inputs.length;
}

function bytesOf(base64: string): Uint8Array {
  const read = fromBase64(base64);
  if (read === null) throw new Error('expected base64');
  return read;
}
