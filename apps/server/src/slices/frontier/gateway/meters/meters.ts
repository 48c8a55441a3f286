import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '../../../../platform/clock/clock.ts';
import type { Database } from '../../../../platform/database/database.ts';
import { standingOfThis } from './host.ts';
import { deleteJournal } from './journal.ts';
import { Life } from './life.ts';
import type { Meters } from './model.ts';
import { recoverGone, storeAll } from './recover.ts';
import {
  beat,
  dropMinutes,
  endProcess,
  Fenced,
  insertProcess,
  keysOf,
  lockKeys,
  lockProcess,
  wantsOf,
} from './store.ts';
import { tend } from './tend.ts';

export interface MetersOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly dataDirectory: string;
  /** Told what went wrong in the background; it is tried again. */
  readonly onFault?: (error: unknown) => void;
}

const beatMs = 1_000;
const saveMs = 50;
/** Between two looks at whether another process is short. */
const wantsMs = 20;
/** Beats between two sweeps of minutes that are long over. */
const dropBeats = 600;

/**
 * Opens the meters of this process: registers it, and takes care of those that are gone. Journals are
 * in `gateway` of the data directory.
 */
export async function openMeters(options: MetersOptions): Promise<Meters> {
  const { database, clock, dataDirectory, onFault = () => {} } = options;
  const folder = path.join(dataDirectory, 'gateway');
  const here = standingOfThis();
  let life = await begin();
  let isClosed = false;
  let beats = 0;

  async function begin(): Promise<Life> {
    const id = `p-${randomUUID()}`;
    const sent = { ms: performance.now(), wallMs: Date.now() };
    await database.writeByLock(async (tx) => await insertProcess(tx, id, here));
    const made = new Life({
      database,
      process: id,
      folder,
      onFault,
      onFenced: () => void renew(made),
    });
    made.beaten(sent, 1);
    if (!(await heard(made))) throw new Fenced(`the process ${id} was ended before it began`);
    await recoverGone({ database, clock, folder, process: id, here });
    return made;
  }

  /** Another took this process for gone: it goes on as a new one, and keeps what it knew of. */
  async function renew(fenced: Life): Promise<void> {
    if (fenced.isOver) return;
    fenced.end();
    while (!isClosed && life === fenced) {
      try {
        const known = [...fenced.saver.waiting(), ...fenced.open()];
        await database.writeByLock(async (tx) => await storeAll(tx, known));
        await deleteJournal(folder, fenced.process);
        life = await begin();
      } catch (error) {
        onFault(error);
        await new Promise((resolve) => setTimeout(resolve, beatMs));
      }
    }
  }

  /** Says that this process lives; false: it was taken for gone. */
  async function heard(of: Life): Promise<boolean> {
    const sent = { ms: performance.now(), wallMs: Date.now() };
    const processes = await database.writeByLock(async (tx) => await beat(tx, of.process));
    if (processes !== null) of.beaten(sent, processes);
    return processes !== null;
  }

  async function everyBeat(): Promise<void> {
    if (life.isOver) return;
    if (!(await heard(life))) return await renew(life);
    tend(life.lanes, clock.now());
    beats += 1;
    if (beats % dropBeats === 0) await database.writeByLock(dropMinutes);
  }

  /** Apart from the beat, which must not wait for it. */
  async function recoverOthers(): Promise<void> {
    if (life.isOver) return;
    await recoverGone({ database, clock, folder, process: life.process, here });
  }

  async function lookForWants(): Promise<void> {
    // Alone it has all that there is.
    if (life.isOver || life.processes < 2 || life.lanes.size === 0) return;
    const of = life;
    const wants = await database.read(async (reader) => await wantsOf(reader, of.process));
    for (const { key, want } of wants) of.lanes.get(key)?.wanted(want);
  }

  const stops = [
    every(beatMs, everyBeat, onFault),
    every(saveMs, async () => await life.saver.save(), onFault),
    every(wantsMs, lookForWants, onFault),
    every(beatMs, async () => life.tellWhoWaits(), onFault),
    every(beatMs, recoverOthers, onFault),
  ];

  return {
    process: () => life.process,
    reserve: (admitted, wish) => life.reserve(admitted, wish),
    settle: (id, taken, ended) => life.settle(id, taken, ended),
    leftOf: (key) => life.leftOf(key),
    stored: async () => await life.saver.save(),
    async close() {
      isClosed = true;
      await Promise.all(stops.map(async (stop) => await stop()));
      if (life.isOver) return;
      life.loseOpen(clock.now());
      const { process } = life;
      await life.saver.save();
      life.end();
      await database.writeByLock(async (tx) => {
        const row = await lockProcess(tx, process, { waits: true });
        if (row === null || row.isEnded) return;
        await lockKeys(tx, await keysOf(tx, process));
        await endProcess(tx, process, 'closed');
      });
      await deleteJournal(folder, process);
    },
  };
}

/** Does something again and again, one at a time; answers how to stop it. */
function every(
  ms: number,
  work: () => Promise<void>,
  onFault: (error: unknown) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  let running = Promise.resolve();
  const turn = () => {
    running = work()
      .catch(onFault)
      .then(() => {
        if (!isStopped) timer = setTimeout(turn, ms).unref();
      });
  };
  timer = setTimeout(turn, ms).unref();
  return async () => {
    isStopped = true;
    if (timer !== null) clearTimeout(timer);
    await running;
  };
}
