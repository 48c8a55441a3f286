import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  type Assignment,
  assignmentsOf,
  type SealedSuite,
  type SuiteCode,
  sealedCommitments,
} from '@breakwater/benchmark';
import type { BaselineRecord } from '@breakwater/benchmark/baseline';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Limits } from '@breakwater/meter';
import { openBlobs, type WorldRefusalCode } from '@breakwater/runner';
import { suiteFolder } from '../files/suite-folder.ts';
import { Journal, type JournalRefusal } from '../journal/journal.ts';
import { syncFolder } from '../journal/sync-folder.ts';
import { lockRun } from '../run/lock.ts';
import type { Clock, Worlds } from '../run/surroundings.ts';
import type { SampleJob } from '../sample/job.ts';
import { NoWorld, openWorldOf } from '../sample/open-sample.ts';
import { keepWorld } from '../sample/sample.ts';
import { idOf, jobsOf, type LoadedSuite, loadSuite } from '../suite/jobs.ts';
import { noteAttempt, ownPseudonym } from './attempts.ts';
import { type Asked, Entry, standingAfter } from './entries.ts';
import { BaselineSession, type SessionCode, scoreBaseline } from './session.ts';

/** What a person asks of a baseline. */
export interface BaselineAsked {
  readonly suite: string;
  readonly task: string;
  readonly variant?: string;
  readonly person?: string;
  readonly sealed?: SealedSuite;
  /** In place of the task's own. */
  readonly limitMs?: number;
}

export interface BaselineGiven {
  readonly worlds: Worlds;
  readonly clock: Clock;
  /** This machine's own list of attempts. */
  readonly attemptsIn: string;
}

export type BaselineCode =
  | SuiteCode
  | JournalRefusal
  | SessionCode
  | WorldRefusalCode
  | 'run-is-running'
  | 'commitment-differs'
  | 'task-unknown'
  | 'baseline-differs';

/** The work of a person in a session; it returns the record, or null where it is not at its end. */
export type BaselineWork = (
  session: BaselineSession,
  about: { readonly asked: Asked; readonly isAgain: boolean },
) => Promise<BaselineRecord | null>;

/**
 * Begins a baseline in a new folder, or goes on with the one in it, and holds it for `work`. One
 * that has ended is scored where it was not, and told again. The record is then in `record.jsonl`.
 */
export async function playBaseline(
  folder: string,
  { asked, given }: { readonly asked: BaselineAsked; readonly given: BaselineGiven },
  work: BaselineWork,
): Promise<Result<BaselineRecord | null, BaselineCode>> {
  const chosen = await choose(asked);
  if (!chosen.ok) return chosen;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockRun(folder);
  if (!lock.ok) return lock;
  await using _ = lock.value;
  const journal = await Journal.open(path.join(folder, 'journal.jsonl'), Entry);
  if (!journal.ok) return journal;
  try {
    const blobs = await openBlobs(path.join(folder, 'blobs'));
    const around = { worlds: given.worlds, clock: given.clock, blobs };
    const held = { ...chosen.value, around, journal: journal.value };
    const record = await play(held, { asked, given }, work);
    if (record.ok && record.value !== null) await writeRecord(folder, record.value);
    return record;
  } catch (error) {
    if (error instanceof NoWorld) return { ok: false, refusal: error.refusal };
    throw error;
  } finally {
    await journal.value.close();
  }
}

interface Chosen {
  readonly loaded: LoadedSuite;
  readonly assignment: Assignment;
  readonly job: SampleJob;
  readonly commitment: string | null;
  readonly facts: Pick<BaselineRecord, 'family' | 'task_version'>;
}

async function choose(asked: BaselineAsked): Promise<Result<Chosen, BaselineCode>> {
  const loaded = await loadSuite(suiteFolder(asked.suite));
  if (!loaded.ok) return loaded;
  const { items } = loaded.value;
  const { task: name, variant = null, sealed } = asked;
  const at = items.findIndex(({ task }) => task.name === name);
  const all = items[at] === undefined ? [] : assignmentsOf(items[at].task);
  const assignment = all.find((each) => each.variant === variant);
  if (assignment === undefined) return unknownTask(idOf({ name, variant }), loaded.value);
  const commitments = sealed === undefined ? null : sealedCommitments(sealed, items);
  if (commitments?.ok === false) return commitments;
  const sample = { id: idOf(assignment), epoch: 1, uuid: randomUUID() };
  const jobs = await jobsOf(loaded.value, [sample], {});
  if (!jobs.ok) return jobs;
  const [job] = jobs.value;
  if (job === undefined) return unknownTask(sample.id, loaded.value);
  const { discipline: family, version } = assignment;
  return ok({
    loaded: loaded.value,
    assignment,
    job,
    commitment: commitments?.value[at] ?? null,
    facts: { family, task_version: version },
  });
}

type HeldBaseline = Chosen & {
  readonly around: { worlds: Worlds; clock: Clock; blobs: Awaited<ReturnType<typeof openBlobs>> };
  readonly journal: Journal<Entry>;
};

async function play(
  held: HeldBaseline,
  { asked, given }: { readonly asked: BaselineAsked; readonly given: BaselineGiven },
  work: BaselineWork,
): Promise<Result<BaselineRecord | null, BaselineCode>> {
  const { job, around, journal, facts } = held;
  const standing = standingAfter(journal.records);
  const wrong = standing.asked === null ? null : differing(standing.asked, held, asked);
  if (wrong !== null) return differs(wrong);
  if (standing.ended !== null) return ok(await scoreBaseline({ job, facts, around, journal }));
  const opened = await openWorldOf({ job, around }, standing.world);
  if ('end' in opened) return worldFailed(opened.end);
  const world = opened.done;
  try {
    const kept =
      standing.world === null ? await keepWorld({ world, around }) : { done: standing.world };
    if ('end' in kept) return worldFailed(kept.end);
    const begun =
      standing.asked === null ? await begin(held, { asked, given }) : ok(standing.asked);
    if (!begun.ok) return begun;
    const session = new BaselineSession({ job, facts, around, journal, world, kept: kept.done });
    try {
      const about = { asked: begun.value, isAgain: standing.began !== null };
      return ok(await work(session, about));
    } finally {
      await session.leave();
    }
  } finally {
    await world.close();
  }
}

async function begin(
  { loaded, assignment, commitment, around, journal }: HeldBaseline,
  { asked, given }: { readonly asked: BaselineAsked; readonly given: BaselineGiven },
): Promise<Result<Asked, BaselineCode>> {
  const { name, version } = loaded.suite;
  const person = asked.person ?? (await ownPseudonym(given.attemptsIn));
  const at = around.clock.now().toISOString();
  const attempt = await noteAttempt(given.attemptsIn, {
    ...{ at, suite: name, task: assignment.name, person },
  });
  if (!attempt.ok) return attempt;
  const entry: Asked = {
    type: 'asked',
    at,
    id: randomUUID(),
    suite: { name, version, digest: loaded.digest },
    task: idOf(assignment),
    commitment,
    person,
    attempt: attempt.value,
    limitMs: asked.limitMs ?? limitOf(assignment.limits),
  };
  await journal.append(entry);
  return ok(entry);
}

/** A person waits for no endpoint, so that both limits of time are one. */
function limitOf({ seconds, workingSeconds }: Limits): number | null {
  const least = Math.min(seconds ?? Infinity, workingSeconds ?? Infinity);
  return Number.isFinite(least) ? Math.ceil(least * 1000) : null;
}

function differing(before: Asked, held: HeldBaseline, asked: BaselineAsked): string | null {
  const { loaded, assignment } = held;
  if (before.suite.digest !== loaded.digest) return 'another suite, or the suite was changed';
  if (before.task !== idOf(assignment)) return `the task ${before.task}`;
  if (asked.person !== undefined && asked.person !== before.person) return 'another person';
  if (asked.limitMs !== undefined && asked.limitMs !== before.limitMs) return 'another limit';
  return null;
}

/** Whole or not at all, and never over another. */
async function writeRecord(folder: string, record: BaselineRecord): Promise<void> {
  const place = path.join(folder, 'record.jsonl');
  const unfinished = `${place}.${randomUUID()}`;
  const file = await open(unfinished, 'wx', 0o600);
  await file.writeFile(`${JSON.stringify(record)}\n`);
  await file.sync();
  await file.close();
  try {
    await link(unfinished, place);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(unfinished);
  }
  await syncFolder(folder);
}

function worldFailed(end: { readonly kind: string; readonly message?: string }) {
  const got = end.message ?? end.kind;
  const todo = 'see what it says; to go on, name the same folder again';
  return refuse({ code: 'world-over', expected: 'a sealed world', got, todo } as const);
}

function differs(got: string) {
  return refuse({
    code: 'baseline-differs',
    expected: 'what the baseline in this folder was begun with',
    got,
    todo: 'name the same suite, task and person, or another folder',
  } as const);
}

function unknownTask(got: string, { items }: LoadedSuite) {
  const names = items.flatMap(({ task }) => assignmentsOf(task).map(idOf));
  return refuse({
    code: 'task-unknown',
    expected: `one of ${names.slice(0, 50).join(', ')}`,
    got: got.slice(0, 200),
    todo: 'name a task of the suite, and its variant with --variant',
  } as const);
}
