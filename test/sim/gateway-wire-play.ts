import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { randomFrom } from '../../demo/driver/killer.ts';
import { call, hangUp } from './gateway-wire-caller.ts';
import { disturb } from './gateway-wire-disturb.ts';
import { Planner, type Size } from './gateway-wire-plan.ts';
import type { Called, Meter, Process, Row, Seen } from './gateway-wire-seen.ts';
import { until, type World } from './gateway-wire-world.ts';

/** Refusals in a row after which a stream leaves a key for a while. */
const triesMax = 4;

/** Calls by as many streams at a time, while all is disturbed; then what everybody saw. */
export async function play(world: World, size: Size): Promise<Seen> {
  const { gateways, postgres, server } = world;
  const planner = new Planner(randomFrom(size.seed), size);
  const calls: Called[] = [];
  const progress = new Progress(size.calls);
  const disturbing = disturb({ size, gateways, postgres, reached: (part) => progress.at(part) });
  const streams = Array.from({ length: size.streams }, async () => {
    for await (const called of stream(world, planner, progress)) calls.push(called);
  });
  const [disturbed] = await Promise.all([disturbing, ...streams]);
  hangUp();
  // Those that were killed are found gone by those that live.
  await until(async () => (await processesOf(server)).filter(isLiving).length === gateways.length);
  const codes = await Promise.all(gateways.map((each) => each.stop()));
  if (codes.some((code) => code !== 0)) {
    throw new Error(
      `a gateway ended with ${codes.join(', ')}: ${gateways.map(({ errors }) => errors).join('')}`,
    );
  }
  return {
    ...{ calls, disturbed, keys: world.keys, upstreams: world.upstreams },
    served: await world.served(),
    lives: gateways.flatMap(({ lives }) => lives),
    rows: await rowsOf(server),
    meters: await metersOf(server),
    leases: await leasesOf(server),
    processes: await processesOf(server),
  };
}

/** How many calls came to an answer. */
class Progress {
  readonly #all: number;
  #done = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(all: number) {
    this.#all = all;
  }

  get isOver(): boolean {
    return this.#done >= this.#all;
  }

  note(): void {
    this.#done += 1;
    for (const { count, resolve } of this.#waiting) if (count <= this.#done) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => count > this.#done);
  }

  async at(part: number): Promise<void> {
    const count = Math.min(part, 1) * this.#all;
    if (count <= this.#done) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ count, resolve });
    await promise;
  }
}

async function* stream(world: World, planner: Planner, progress: Progress): AsyncGenerator<Called> {
  const { keys, gateways } = world;
  const refusals = keys.map(() => 0);
  while (!progress.isOver) {
    const open = refusals.flatMap((count, key) => (count < triesMax ? [key] : []));
    const key = open[planner.upTo(open.length - 1)];
    if (key === undefined) {
      refusals.fill(0);
      await delay(300 + planner.upTo(1_000));
      continue;
    }
    const gateway = gateways[planner.upTo(gateways.length - 1)];
    const secret = keys[key]?.secret;
    if (gateway === undefined || secret === undefined) throw new Error('expected both');
    const { port, place } = gateway;
    const called = await call(planner.next(key, place), { port, secret });
    yield called;
    if (called.status !== null && called.status !== 503) progress.note();
    const isRefused = called.status === 429;
    refusals[key] = isRefused ? (refusals[key] ?? 0) + 1 : 0;
    if (isRefused) await delay(planner.upTo(40 * (refusals[key] ?? 0)));
    else if (called.end === 'unreached' || called.status === 503) await delay(planner.upTo(200));
  }
}

type Server = World['server'];

async function ask(server: Server, text: string) {
  const { rows } = await server.services.database.raw(text);
  return rows;
}

const isLiving = ({ endedAt }: Process) => endedAt === null;

const ProcessRow = z.object({
  id: z.string(),
  pid: z.number(),
  at: z.string(),
  seen_at: z.string(),
  ended_at: z.string().nullable(),
  ended_how: z.string().nullable(),
});

async function processesOf(server: Server): Promise<readonly Process[]> {
  const rows = await ask(
    server,
    'select id, pid, at, seen_at, ended_at, ended_how from gateway.process',
  );
  return z
    .array(ProcessRow)
    .parse(rows)
    .map(({ id, pid, at, seen_at: seen, ended_at: ended, ended_how }) => ({
      ...{ id, pid, at: Date.parse(at), seenAt: Date.parse(seen), endedHow: ended_how },
      endedAt: ended === null ? null : Date.parse(ended),
    }));
}

async function rowsOf(server: Server): Promise<readonly Row[]> {
  const rows = await ask(server, 'select content, inside from gateway.request order by seq');
  return rows.map(({ content, inside }) => ({
    ...JSON.parse(String(content)),
    ...JSON.parse(String(inside)),
  }));
}

const MeterRow = z.object({
  key: z.string(),
  span: z.enum(['minute', 'day', 'grant', 'now']),
  from: z.string(),
  kind: z.string(),
  used: z.number(),
  leased: z.number(),
});

async function metersOf(server: Server): Promise<readonly Meter[]> {
  const text = 'select key, span, from_at as "from", kind, used, leased from gateway.meter';
  return z.array(MeterRow).parse(await ask(server, text));
}

async function leasesOf(server: Server): Promise<number> {
  const [row] = await ask(server, 'select count(*)::int as n from gateway.lease');
  return Number(row?.['n']);
}
