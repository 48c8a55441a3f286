import { openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../apps/server/src/platform/clock/clock.ts';
import { openPostgres } from '../../apps/server/src/platform/database/postgres.ts';
import {
  admittedBy,
  endedAt,
  idBy,
  wishOf,
} from '../../apps/server/src/slices/frontier/gateway/meters/meters.fixture.ts';
import { openMeters } from '../../apps/server/src/slices/frontier/gateway/meters/meters.ts';
import type { Taken } from '../../apps/server/src/slices/frontier/gateway/meters/model.ts';
import type { KeyLimits } from '../../apps/server/src/slices/frontier/gateway/model.ts';
import { type Play, type Told, tellTime } from './gateway-play.ts';

// One process of the gateway without its wire: streams that reserve and settle until every quota is
// spent. It tells each step to a file of its own, which outlives it.

const play: Play = JSON.parse(process.argv[2] ?? '');
const file = openSync(play.witness, 'ax');
const tell = (told: Told) => writeSync(file, `${JSON.stringify({ ...told, at: tellTime() })}\n`);

let state = play.seed;
/** Park and Miller: seeds replay a run as far as the machine does. */
function chance(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}
const upTo = (most: number) => Math.floor(chance() * (most + 1));

const database = await openPostgres(play.url);
const meters = await openMeters({
  database,
  clock: systemClock,
  dataDirectory: play.folder,
  onFault: (error) => tell({ is: 'fault', text: String(error) }),
});
let count = 0;
let granted = 0;
let isStopping = false;
process.once('SIGTERM', () => {
  isStopping = true;
});

async function stream(): Promise<void> {
  const spent = new Map<number, number>();
  while (!isStopping) {
    const open = play.keys.flatMap((_, key) => ((spent.get(key) ?? 0) < play.tries ? [key] : []));
    const key = open[upTo(open.length - 1)];
    if (key === undefined) return;
    const wasGranted = await request(key, play.keys[key] ?? {});
    spent.set(key, wasGranted ? 0 : (spent.get(key) ?? 0) + 1);
    if (!wasGranted) await delay(upTo(5));
  }
}

async function request(key: number, limits: Partial<KeyLimits>): Promise<boolean> {
  count += 1;
  const n = play.seed * 1_000_000 + count;
  const at = systemClock.now();
  const output = 1 + upTo(200);
  const wish = wishOf(n, output, at);
  const { id } = wish;
  tell({ is: 'asked', id, key, output });
  const reserved = await meters.reserve(admittedBy(key, limits), wish);
  if (!reserved.ok) {
    const { code, short } = reserved.refusal;
    tell({ is: 'refused', id, code, short: short.map(({ span, kind }) => `${span} ${kind}`) });
    return false;
  }
  tell({ is: 'granted', id });
  if (granted === 0) process.stdout.write('takes requests\n');
  granted += 1;
  await delay(upTo(play.streamMs));
  const taken = takenBy(output);
  meters.settle(idBy('request', n), taken, endedAt(systemClock.now()));
  tell({ is: 'settled', id, taken });
  return true;
}

/** Most come to an end; of some no figures come, and some are never sent. */
function takenBy(output: number): Taken {
  const how = chance();
  if (how < 0.05) return 'unused';
  if (how < 0.1) return 'full';
  return { inputTokens: upTo(100), outputTokens: upTo(output) };
}

tell({ is: 'begun', process: meters.process() });
await Promise.all(Array.from({ length: play.streams }, stream));
await meters.close();
await database.close();
tell({ is: 'closed' });
process.exit(0);
