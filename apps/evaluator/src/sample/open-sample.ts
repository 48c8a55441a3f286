import { noAmounts } from '@breakwater/meter';
import {
  type Manifest,
  parseManifest,
  type World,
  type WorldOptions,
  type WorldRefusal,
} from '@breakwater/runner';
import type { Journal } from '../journal/journal.ts';
import { keptJson } from '../journal/kept-json.ts';
import type { SampleEnd } from '../journal/records.ts';
import { replay } from '../journal/replay.ts';
import type { Message } from '../models/messages.ts';
import type { Surroundings, WorldMaker } from '../run/surroundings.ts';
import { nameOf, type SampleJob, type TaskJob } from './job.ts';
import { keepWorld, proveWorld, Sample } from './sample.ts';
import type { Step } from './step.ts';

/** Whose loop it is: an agent of one's own holds its state itself and begins again. */
export type AgentKind = 'ours' | 'own';

export interface OpenSample {
  readonly job: SampleJob;
  readonly around: Surroundings;
  readonly journal: Journal;
  readonly agent: AgentKind;
}

/**
 * Opens the world of a sample: fresh, or with the files of the last finished turn, the services
 * started again. The walls are tried from inside before anything is asked of a model. Throws where
 * this machine has no sandbox (any more): then nothing is noted, and the run can be resumed.
 */
export async function openSample(from: OpenSample): Promise<Step<Sample>> {
  const { job, around, journal, agent } = from;
  const standing = replay(journal.records);
  const kept = agent === 'own' ? null : standing.world;
  const opened = await openWorldOf(from, kept);
  if ('end' in opened) return opened;
  const world = opened.done;
  const sample = new Sample(job, around, { journal, world });
  const at = sample.now();
  const isAgain = standing.world !== null;
  const sealing = await proveWorld(world, { when: isAgain ? 'during' : 'before', at });
  if ('end' in sealing) return await ended(world, sealing.end);
  if (isAgain) {
    const lost = world.lost.map(({ command }) => command);
    await sample.note({
      type: 'resumed',
      at,
      cut: [...standing.cut],
      lost,
      evidence: world.evidence,
      sealing: sealing.done,
      isFromStart: agent === 'own',
    });
    sample.tell('resumed', `after turn ${standing.turn}`);
  }
  if (kept === null) {
    const first = await keepWorld(sample);
    if ('end' in first) return await ended(world, first.end);
    const messages = openingOf(job, agent);
    await sample.note({
      type: 'begun',
      at,
      messages: [...messages],
      evidence: world.evidence,
      sealing: sealing.done,
      world: first.done,
      spent: { ...noAmounts, messages: messages.length },
    });
    sample.tell('begun', '');
  }
  return { done: sample };
}

async function ended(world: World, end: SampleEnd): Promise<{ end: SampleEnd }> {
  await world.close();
  return { end };
}

/** Opens the world of a task: fresh, or with the files by this digest. */
export async function openWorldOf(
  { job, around }: { readonly job: TaskJob; readonly around: WorldMaker },
  kept: string | null,
): Promise<Step<World>> {
  const { files, setup, services } = job;
  const name = nameOf(job);
  const given: WorldOptions = { name, ...(services !== undefined && { services }) };
  const opened = await around.worlds.open(
    kept === null
      ? { ...given, files, ...(setup !== undefined && { setup }) }
      : { ...given, restore: { manifest: await manifestOf(around, kept), store: around.blobs } },
  );
  if (opened.ok) return { done: opened.value };
  if (opened.refusal.code === 'sandbox-unavailable') throw new NoWorld(opened.refusal);
  const { code, got } = opened.refusal;
  return { end: { kind: 'failed', code: 'world-failed', message: `${code}: ${got}` } };
}

/** A manifest that was kept. Throws where it is damaged: a sample cannot go on from there. */
export async function manifestOf(
  { blobs }: Pick<Surroundings, 'blobs'>,
  sha256: string,
): Promise<Manifest> {
  const manifest = parseManifest(await keptJson(blobs, sha256));
  if (manifest === null) throw new Error(`the kept files ${sha256} are damaged`);
  return manifest;
}

/** This machine offers no world. */
export class NoWorld extends Error {
  override readonly name = 'NoWorld';
  readonly refusal: WorldRefusal;
  constructor(refusal: WorldRefusal) {
    super(refusal.got);
    this.refusal = refusal;
  }
}

const instructions = `You work on a task in a sealed computer that has no network but its own.
Use the tools bash, python and file; you are in /work. What you start in the background may be lost
when the computer is restarted; files are not. When you know the answer, or when the task asks for
files and they are there, call submit once: this ends the task.`;

function openingOf({ uuid, prompt }: SampleJob, agent: AgentKind): readonly Message[] {
  const task = { id: `${uuid}-task`, role: 'user', content: prompt, source: 'input' } as const;
  if (agent === 'own') return [task];
  return [{ id: `${uuid}-system`, role: 'system', content: instructions }, task];
}
