import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawFrom, drawHistory } from './history.ts';
import { type Leak, leaks } from './leaks.ts';
import { doors, lookThrough, type Memory, newMemory, textOf } from './look.ts';
import { furnish, perform } from './perform.ts';
import { newScene, secretWord } from './scene.ts';
import { openTwin, type Twin, type Watcher, watchers, withoutChance } from './twin.ts';

const long = process.env['BREAKWATER_LONG'] !== undefined;
const histories = long ? 5_000 : 40;
/** `1/2` is the first half of them, so that both halves may be run at once. */
const [shard = 1, shards = 1] = (process.env['BREAKWATER_SHARD'] ?? '1/1').split('/').map(Number);
const mine = Array.from({ length: histories }, (_, n) => n).filter((n) => n % shards === shard - 1);
const stepsMax = 12;
/** Doors looked through after each history; over a run, each of them many times. */
const looks = 24;
/** No planted leak may need more histories than this to be found. */
const toFind = 60;
/** First history of those that are lived with a leak. */
const planted = 1_000_000;
const seed = Number(process.env['BREAKWATER_SEED'] ?? 20_260_301);

const allDoors = doors();

let twins: readonly [Twin, Twin];
let number = 0;
/** Histories that some leak took until it was found; every leak is tried on the same ones. */
let lived = 0;
beforeAll(async () => {
  twins = [await openTwin(true), await openTwin(false)];
  for (const twin of twins) await furnish(twin);
  for (const twin of twins) await twin.settle();
  await signAll();
  // What was told of the furnishing is over before anybody looks.
  for (const twin of twins) await twin.arrive();
}, 120_000);
afterAll(async () => {
  for (const twin of twins) await twin[Symbol.asyncDispose]();
});

/**
 * So many hours on both that no entry of either waits for its batch: how long one waits tells how
 * many came before it (D-17).
 */
async function signAll(): Promise<void> {
  for (let waits = true; waits; ) {
    waits = false;
    for (const twin of twins) waits = (await twin.tick()) || waits;
  }
}

/** Lives one history on both servers; answers with the first difference, null where there is none. */
async function live(given: number): Promise<Difference | null> {
  const draw = drawFrom(seed + given);
  const history = drawHistory(draw, stepsMax);
  number += 1;
  for (const twin of twins) twin.forget();
  const scenes = twins.map((twin) => newScene(twin, number));
  const memories: readonly Memory[] = [newMemory(), newMemory()];
  for (const [at, step] of history.steps.entries()) {
    const told: (string | null)[] = [];

    const answers = await Promise.all(
      scenes.map(async (scene) => {
        const absent = step.side === 'hidden' && !scene.twin.withHidden;
        const answer = absent ? null : await perform(scene, step);
        await scene.twin.settle();
        return answer;
      }),
    );
    for (const [i, answer] of answers.entries()) {
      const watched = step.side === 'outside' && answer !== null && !isInsiders(step.act);
      const seen = memories[i]?.finder ?? new Map();
      told.push(watched ? textOf(answer, (text) => withoutChance(text, seen)) : null);
    }
    if (told[0] !== told[1]) return differs(`step ${at} ${step.act}`, told);
  }
  await signAll();
  for (let i = 0; i < looks; i++) {
    const door = allDoors[drawFrom(history.look + i)(allDoors.length)];
    if (door === undefined) continue;
    const told = await Promise.all(
      scenes.map((scene, n) =>
        lookThrough(scene, door, {
          draw: drawFrom(history.look + 1_000 + i),
          memory: memories[n] ?? newMemory(),
        }),
      ),
    );
    if (told[0] !== told[1]) return differs(`${door.name} as ${door.watcher}`, told);
    if (told[0]?.includes(secretWord) && !door.name.includes('search')) {
      return differs(`the secret itself at ${door.name} as ${door.watcher}`, told);
    }
  }

  for (const watcher of watchers) {
    const told = await Promise.all(
      twins.map(async (twin) =>
        withoutChance((await twin.mail(watcher)).toSorted().join('\n\n'), new Map()),
      ),
    );
    if (told[0] !== told[1]) return differs(`mail to ${watcher}`, told);
    const page = await streamsOf(watcher);
    if (page[0] !== page[1]) return differs(`the open page of ${watcher}`, page);
  }
  return null;
}

/** What both open pages were told; what is still on its way over the socket is waited for. */
async function streamsOf(watcher: Watcher): Promise<readonly string[]> {
  let told: string[] = [];
  for (let left = 25; left > 0; left--) {
    told = await Promise.all(
      twins.map(async (twin) => withoutChance((await twin.stream(watcher)).join(''), new Map())),
    );
    if (told[0] === told[1]) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return told;
}

interface Difference {
  readonly where: string;
  readonly withHidden: string;
  readonly without: string;
}

function differs(where: string, told: readonly (string | null | undefined)[]): Difference {
  return { where, withHidden: told[0] ?? '(nothing)', without: told[1] ?? '(nothing)' };
}

/** A coordinator's answers are an insider's. */
function isInsiders(act: string): boolean {
  return ['say-as-coordinator', 'invite-owner', 'set-embargo', 'end-embargo', 'publish'].includes(
    act,
  );
}

describe('law 9: what an outsider observes is the same with and without the hidden case', () => {
  test(
    `${mine.length} random histories through every door of a running server`,
    async () => {
      for (const i of mine) {
        expect([i, await live(i)]).toEqual([i, null]);
      }
      for (const twin of twins) expect(twin.server.errors).toEqual([]);
    },
    long ? 4 * 3_600_000 : 300_000,
  );

  test.each(leaks)(
    'a planted leak is found: $name',
    async (leak: Leak) => {
      let found: Difference | null = null;
      let tried = 0;
      for (const twin of twins) twin.leak = leak;
      try {
        for (; tried < toFind && found === null; tried++) found = await live(planted + tried);
      } finally {
        for (const twin of twins) twin.leak = null;
        // The history that showed the leak was left in the middle.
        for (const twin of twins) await twin.arrive();
      }
      expect(found).not.toBeNull();
      lived = Math.max(lived, tried);
    },
    120_000,
  );

  test('it was the leaks that were found: without them the same histories show nothing', async () => {
    expect(lived).toBeGreaterThan(0);
    for (let i = 0; i < lived; i++) expect([i, await live(planted + i)]).toEqual([i, null]);
  }, 120_000);
});
