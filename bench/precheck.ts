import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  collect,
  createClient,
  type FindingsFile,
  type PrecheckEpoch,
  precheck,
  precheckLimits,
} from '@breakwater/contract';
import { fromBase64, ok, toBase64, utf8 } from '@breakwater/kernel';
import { ask, deriveEpochKeys, inputOf, outputOf, precheckKeys } from '@breakwater/precheck';
import { findPostgres } from '../tools/postgres.ts';
import { distinguish, tMax } from './distinguish.ts';
import { type Engine, onEmbedded, onPostgres } from './engines.ts';
import type { BenchOptions, Report, Row } from './row.ts';
import { type Server, startServer } from './server.ts';
import { quantile, timed } from './timing.ts';

/** Enough for sixteen buckets, of which every request asks for eight. */
const findings = 700;
const waitMsMax = 180_000;

/**
 * What a pre-check costs, and whether its time tells what is known: as many times asked for what is
 * known as for what is not, in an order by chance, over HTTP. The peer is the same server's answer
 * to the other question.
 */
export async function run(options: BenchOptions): Promise<Report> {
  const on = 'missing' in findPostgres() ? onEmbedded : onPostgres;
  return await on((engine) => measure(engine, options));
}

async function measure(engine: Engine, { short }: BenchOptions): Promise<Report> {
  const samples = short ? 200 : 10_000;
  const server = await startServer(engine, { cadenceSeconds: 1 });
  try {
    await fill(server);
    const epoch = await epochOf(server, (await server.party('finder')).client);
    const taken = await sample(server, epoch, samples);
    const rows = [
      ...costs('evaluate', taken.evaluate),
      ...costs('buckets', taken.buckets),
      ...told('evaluate', taken.evaluate),
      ...told('buckets', taken.buckets),
      { name: 'an answer with evaluations', value: taken.bytes.evaluate, unit: 'bytes' },
      { name: 'an answer with buckets', value: taken.bytes.buckets, unit: 'bytes' },
      { name: 'entering one key when an epoch is filled', value: await entering(), unit: 'µs' },
    ];
    return {
      rows,
      notes: [
        `${engine.name}; ${findings} known keys, ${epoch.bucketsPerRequest} of ${2 ** epoch.prefixBits} buckets a request; ${samples / 2} times asked for what is known and as often for what is not, in an order by chance, each answer timed until its last byte`,
        `|t| up to ${tMax} is taken for no difference (ISO/IEC 17825); an area of 0.5 tells nothing; p: how often chance alone shows as much`,
        'bytes are those of the body; every answer had as many',
      ],
    };
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

/** Times in milliseconds, by whether it was known. */
interface Times {
  readonly known: number[];
  readonly unknown: number[];
}

interface Taken {
  readonly evaluate: Times;
  readonly buckets: Times;
  readonly bytes: { evaluate: number; buckets: number };
}

async function sample(server: Server, epoch: PrecheckEpoch, samples: number): Promise<Taken> {
  const taken: Taken = {
    evaluate: { known: [], unknown: [] },
    buckets: { known: [], unknown: [] },
    bytes: { evaluate: 0, buckets: 0 },
  };
  const each = precheckLimits.evaluationsPerDay / precheckLimits.elementsPerRequest;
  let key = '';
  let left = { known: samples / 2, unknown: samples / 2 };
  for (let n = 0; n < samples; n++) {
    if (n % each === 0) ({ key } = await server.party('finder'));
    const known = randomInt(left.known + left.unknown) < left.known;
    left = known ? { ...left, known: left.known - 1 } : { ...left, unknown: left.unknown - 1 };
    const found = await one({ server, epoch, key, taken }, known);
    if (found !== known) throw new Error(`expected ${known ? 'a known key' : 'none'}`);
  }
  return taken;
}

interface Asker {
  readonly server: Server;
  readonly epoch: PrecheckEpoch;
  readonly key: string;
  readonly taken: Taken;
}

async function one({ server, epoch, key, taken }: Asker, known: boolean): Promise<boolean> {
  const n = randomInt(findings);
  const keys = precheckKeys(place(known ? n : findings + n));
  const reported = keys.filter(({ text }) => text.endsWith(' | reported'));
  const clientFor = (what: 'evaluate' | 'buckets') =>
    createClient({
      baseUrl: server.address,
      key,
      fetch: (url, init) =>
        timedFetch(url, init, (took, bytes) => {
          taken[what][known ? 'known' : 'unknown'].push(took);
          if (![0, bytes].includes(taken.bytes[what])) throw new Error(`${what}: ${bytes} bytes`);
          taken.bytes[what] = bytes;
        }),
    });
  const found = await ask(
    reported.map(inputOf),
    { epoch: { ...epoch, publicKey: bytesOf(epoch.publicKey) }, elementsPerRequest: 8 },
    {
      random: (length) => new Uint8Array(randomBytes(length)),
      async evaluate(elements) {
        const body = { epoch: epoch.epoch, elements: elements.map(toBase64) };
        const client = clientFor('evaluate');
        const { evaluated, proof } = await client.call(precheck.precheckEvaluate, { body });
        return ok({ evaluated: evaluated.map(bytesOf), proof: bytesOf(proof) });
      },
      async buckets(numbers) {
        const body = { epoch: epoch.epoch, buckets: [...numbers] };
        const client = clientFor('buckets');
        const { salt, buckets } = await client.call(precheck.precheckBuckets, { body });
        return ok({ salt: bytesOf(salt), buckets: buckets.map(bytesOf) });
      },
    },
  );
  if (!found.ok) throw new Error(found.refusal.got);
  return found.value.some((handle) => handle !== null);
}

/** Until the last byte of the body, as somebody on the line would see it. */
async function timedFetch(
  url: string,
  init: RequestInit,
  took: (ms: number, bytes: number) => void,
): Promise<Response> {
  let text = '';
  const ms = await timed(async () => {
    const answer = await fetch(url, init);
    text = await answer.text();
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${text}`);
  });
  took(ms, Buffer.byteLength(text));
  return new Response(text);
}

function costs(what: string, { known, unknown }: Times): Row[] {
  return [0.5, 0.99].map((share) => ({
    name: `${what}, p${share * 100}`,
    value: quantile([...known, ...unknown], share),
    unit: 'ms',
  }));
}

function told(what: string, { known, unknown }: Times): Row[] {
  const { t, visible, distance, distanceP, auc, aucP } = distinguish(known, unknown);
  const met = Math.abs(t) <= tMax;
  const limit = { name: 'no difference', value: tMax, met };
  return [
    { name: `${what}, known beside not known: |t| (Welch)`, value: Math.abs(t), unit: '', limit },
    { name: `${what}: a difference of the means that would be seen`, value: visible, unit: 'ms' },
    { name: `${what}: distance (Kolmogorov and Smirnov)`, value: distance, unit: '' },
    { name: `${what}: distance, p`, value: distanceP, unit: '' },
    { name: `${what}: area under the curve`, value: auc, unit: '' },
    { name: `${what}: area, p`, value: aucP, unit: '' },
  ];
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
