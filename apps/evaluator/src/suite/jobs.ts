import { createHash, randomUUID } from 'node:crypto';
import {
  type Assignment,
  assignmentsOf,
  itemText,
  type ReadSuite,
  readSuite,
  type SuiteCode,
  type SuiteFolder,
  scoreAnswer,
  suiteLimits,
} from '@breakwater/benchmark';
import { digestOf, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import type { Limits } from '@breakwater/meter';
import type { Script, SeedFile } from '@breakwater/runner';
import type { SampleJob, Scorer } from '../sample/job.ts';
import { leakFinder } from './leaks.ts';

/** A suite that was read, and where its files are. */
export interface LoadedSuite extends ReadSuite {
  readonly folder: SuiteFolder;
  /** Of everything that can matter in it: a run is resumed with the same alone. */
  readonly digest: string;
  /** The commitments of its items, in their order, where it was committed to. */
  readonly commitments?: readonly string[];
}

export async function loadSuite(folder: SuiteFolder): Promise<Result<LoadedSuite, SuiteCode>> {
  const read = await readSuite(folder);
  if (!read.ok) return read;
  const { suite, items } = read.value;
  const parts = [JSON.stringify(suite), ...items.map((item) => digestOf(utf8(itemText(item))))];
  return ok({ ...read.value, folder, digest: digestOf(utf8(parts.join('\n'))) });
}

/** Which samples a run has: a task, or one of its variants, as often as there are epochs. */
export interface SampleName {
  readonly id: string;
  readonly epoch: number;
  readonly uuid: string;
}

/** New samples of a suite. `variants`: each task also as each of its variants puts it. */
export function samplesOf(
  { items }: ReadSuite,
  { epochs, variants }: { readonly epochs: number; readonly variants: boolean },
): readonly SampleName[] {
  const ids = items.flatMap(({ task }) =>
    assignmentsOf(task)
      .filter(({ variant }) => variants || variant === null)
      .map(idOf),
  );
  return ids.flatMap((id) =>
    Array.from({ length: epochs }, (_, n) => ({ id, epoch: n + 1, uuid: randomUUID() })),
  );
}

/** Names hold no dot, so that this one is told apart. */
export function idOf({ name, variant }: Pick<Assignment, 'name' | 'variant'>): string {
  return variant === null ? name : `${name}.${variant}`;
}

/**
 * The jobs of these samples. `limits` take the place of those that a task states. Everything of a
 * task is read again here, and refused where it is not what was read when the suite was loaded.
 */
export async function jobsOf(
  loaded: LoadedSuite,
  samples: readonly SampleName[],
  limits: Limits,
): Promise<Result<readonly SampleJob[], SuiteCode>> {
  const parts = new Map<string, Omit<SampleJob, 'epoch' | 'uuid'>>();
  for (const { task } of loaded.items) {
    for (const assignment of assignmentsOf(task)) {
      const id = idOf(assignment);
      if (!samples.some((sample) => sample.id === id)) continue;
      const part = await partOf(loaded, assignment, limits);
      if (!part.ok) return part;
      parts.set(id, part.value);
    }
  }
  return ok(
    samples.flatMap(({ id, epoch, uuid }) => {
      const part = parts.get(id);
      return part === undefined ? [] : [{ ...part, epoch, uuid }];
    }),
  );
}

async function partOf(
  loaded: LoadedSuite,
  task: Assignment,
  limits: Limits,
): Promise<Result<Omit<SampleJob, 'epoch' | 'uuid'>, SuiteCode>> {
  const root = `tasks/${task.name}/`;
  const paths = loaded.items.find((item) => item.task.name === task.name)?.files ?? [];
  const wanted = paths.filter(({ path }) => !/^(solutions\/|README\.md$)/u.test(path));
  const bytes = new Map<string, SeedFile>();
  for (const { path, executable, sha256 } of wanted) {
    const file = await loaded.folder.read(`${root}${path}`, suiteLimits.fileBytesMax);
    if (!file.ok) return file;
    // What runs is what the digest of the suite, and so its commitment, is of.
    if (createHash('sha256').update(file.value).digest('hex') !== sha256) {
      return changedSince(`${root}${path}`);
    }
    bytes.set(path, { path, bytes: file.value, ...(executable && { mode: 0o755 }) });
  }
  const { setup, services } = task;
  const files = below(bytes, 'files/').map((file) => ({ ...file, path: `/work/${file.path}` }));
  return ok({
    id: idOf(task),
    prompt: task.prompt,
    files,
    ...(setup !== undefined && { setup: scriptOf(bytes, setup) }),
    ...(services !== undefined && { services: scriptOf(bytes, services) }),
    scorer: scorerOf(task, bytes),
    limits: { ...task.limits, ...limits },
    metadata: metadataOf(task, commitmentOf(loaded, task)),
    leaksIn: leakFinder(loaded.suite, task, files),
  });
}

function changedSince(path: string) {
  return refuse({
    code: 'folder-unreadable',
    expected: `${path} as it was when the suite was read`,
    got: 'other bytes',
    todo: 'let nobody write there, and begin again',
  } as const);
}

type Files = ReadonlyMap<string, SeedFile>;

function below(files: Files, folder: string): readonly SeedFile[] {
  return [...files.values()]
    .filter(({ path }) => path.startsWith(folder))
    .map((file) => ({ ...file, path: file.path.slice(folder.length) }));
}

function scriptOf(files: Files, path: string): Script {
  const file = files.get(path);
  if (file === undefined) throw new Error(`${path} was read and is gone`);
  return { text: file.bytes };
}

function scorerOf({ scorer }: Assignment, files: Files): Scorer {
  switch (scorer.kind) {
    case 'answer':
      return { kind: 'answer', judge: (answer) => scoreAnswer(scorer, answer) };
    case 'script':
      return {
        kind: 'script',
        script: { ...scriptOf(files, scorer.path), files: below(files, 'private/') },
      };
  }
}

function commitmentOf({ items, commitments }: LoadedSuite, { name }: Assignment) {
  return commitments?.[items.findIndex(({ task }) => task.name === name)];
}

/** What figures are made by, and which sealed item it is; nothing of how the task is scored. */
function metadataOf(task: Assignment, commitment: string | undefined): Record<string, unknown> {
  const { title, version, discipline, stance, humanTime, weight, variant } = task;
  return {
    family: discipline,
    title,
    task_version: version,
    stance,
    human_minutes: humanTime.minutes,
    human_time_source: humanTime.source,
    weight,
    ...(variant !== null && { variant }),
    ...(commitment !== undefined && { item_commitment: commitment }),
  };
}
