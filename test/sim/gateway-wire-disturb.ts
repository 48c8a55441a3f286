import { setTimeout as delay } from 'node:timers/promises';
import { randomFrom } from '../../demo/driver/killer.ts';
import type { Postgres } from '../../tools/postgres.ts';
import type { GatewayProcess } from './gateway-wire-gateways.ts';
import type { Size } from './gateway-wire-plan.ts';
import type { Disturbed } from './gateway-wire-seen.ts';

interface Disturbing {
  readonly size: Size;
  readonly gateways: readonly GatewayProcess[];
  readonly postgres: Pick<Postgres, 'halt' | 'resume'>;
  /** Resolves once this part of the play is over, of 1. */
  readonly reached: (part: number) => Promise<void>;
}

/** The part of the play in which nothing is disturbed, at its start, and the part in which all is. */
const calm = 0.12;
const wild = 0.75;

/** Kills, takes the database away and sets clocks, side by side; resolves once all stands again. */
export async function disturb(disturbing: Disturbing): Promise<readonly Disturbed[]> {
  const disturbed: Disturbed[] = [];
  const during = async (what: Disturbed['what'], work: () => Promise<void>) => {
    const from = Date.now();
    await work();
    disturbed.push({ what, from, until: Date.now() });
  };
  await Promise.all([
    killSome(disturbing, during),
    takeAway(disturbing, during),
    setClocks(disturbing, during),
  ]);
  return disturbed;
}

type During = (what: Disturbed['what'], work: () => Promise<void>) => Promise<void>;

/** Waits for the moment of one of some disturbances, each at random within its share. */
async function turn(
  { reached }: Disturbing,
  of: { at: number; all: number; random: () => number },
) {
  await reached(calm + (wild * (of.at + 0.1 + 0.8 * of.random())) / of.all);
}

async function killSome(disturbing: Disturbing, during: During): Promise<void> {
  const { size, gateways } = disturbing;
  const random = randomFrom(size.seed + 1);
  for (let killed = 0; killed < size.kills; ) {
    await turn(disturbing, { at: killed, all: size.kills, random });
    const [first, second] = gateways.filter(({ isUp }) => isUp).sort(() => random() - 0.5);
    if (first === undefined) {
      await delay(50);
      continue;
    }
    const both = second !== undefined && killed + 2 <= size.kills && random() < 0.25;
    const victims = both ? [first, second] : [first];
    killed += victims.length;
    const awayMs = size.holdMs * 3 * random();
    await during('killed', async () => {
      await Promise.all(victims.map((victim) => victim.kill()));
      await delay(awayMs);
      await Promise.all(victims.map((victim) => victim.start()));
    });
  }
}

async function takeAway(disturbing: Disturbing, during: During): Promise<void> {
  const { size, postgres } = disturbing;
  const random = randomFrom(size.seed + 2);
  for (const [at, awayMs] of size.awaysMs.entries()) {
    await turn(disturbing, { at, all: size.awaysMs.length, random });
    await during('database away', async () => {
      await postgres.halt();
      await delay(awayMs);
      await postgres.resume();
    });
  }
}

/** Forward by more each time, so that other minutes begin, and back; at last by a day. */
const offsetsMs = [70_000, -40_000, 200_000, 0, 330_000, -3_600_000, 0, 86_400_000];

async function setClocks(disturbing: Disturbing, during: During): Promise<void> {
  const { size, gateways } = disturbing;
  const random = randomFrom(size.seed + 3);
  for (const [at, offsetMs] of offsetsMs.entries()) {
    await turn(disturbing, { at, all: offsetsMs.length, random });
    const one = gateways[Math.floor(random() * gateways.length)];
    await during('clock set', async () => await one?.setClock(offsetMs));
  }
}
