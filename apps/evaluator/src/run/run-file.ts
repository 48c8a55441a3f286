import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { Limits, Prices } from '@breakwater/meter';
import { z } from 'zod';
import { readOwnText } from '../files/own-text.ts';
import { syncFolder } from '../journal/sync-folder.ts';
import { ModelConfig } from '../models/model.ts';

// What names a file or a sample is held to what is made here: a run.json may come from anywhere.
const LogId = z.string().regex(/^[A-Za-z0-9]{22}$/u);
const SuiteName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/u)
  .max(64);

/** What was asked of a run: `run.json`. A key stands nowhere in it, only its variable's name. */
export const RunFile = z.strictObject({
  format: z.literal('breakwater-run/1'),
  /** Ids of the log: Inspect's own form. */
  run: LogId,
  eval: LogId,
  task: LogId,
  created: z.iso.datetime(),
  suite: z.strictObject({
    /** Where it lies; a resume takes it from there. */
    folder: z.string(),
    name: SuiteName,
    title: z.string(),
    version: z.string(),
    /** Of everything in it. */
    digest: z.string(),
    /** Where it was committed to before: the root, and the commitments of its items in order. */
    sealed: z.strictObject({ root: z.string(), commitments: z.array(z.string()) }).optional(),
  }),
  model: z.string(),
  api: z.enum(['openai', 'anthropic']),
  endpoint: z.string(),
  keyEnv: z.string().nullable(),
  config: ModelConfig,
  maxOutputTokens: z.int().min(1),
  epochs: z.int().min(1).max(1000),
  workers: z.int().min(1).max(256),
  /** In place of those that a task states. */
  limits: Limits,
  /** Of the whole run. */
  runLimits: Limits.pick({ tokens: true, cost: true }),
  prices: Prices.nullable(),
  /** A program of one's own in place of our loop. */
  agent: z.array(z.string()).min(1).nullable(),
  samples: z.array(z.strictObject({ id: z.string(), epoch: z.int(), uuid: z.uuid() })),
});
export type RunFile = z.infer<typeof RunFile>;

export type RunFileRefusal = 'run-exists' | 'run-malformed' | 'run-missing' | 'run-of-others';

const bytesMax = 64 * 1024 * 1024;

/** Writes what was asked into a new folder, or an empty one. */
export async function createRun(
  folder: string,
  run: RunFile,
): Promise<Result<null, RunFileRefusal>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const place = path.join(folder, 'run.json');
  const unfinished = `${place}.${randomUUID()}`;
  const file = await open(unfinished, 'wx', 0o600);
  await file.writeFile(`${JSON.stringify(run, null, 2)}\n`);
  await file.sync();
  await file.close();
  try {
    // Unlike a rename it never takes the place of one that somebody wrote at the same time.
    await link(unfinished, place);
  } catch (error) {
    if (!isCoded(error, 'EEXIST')) throw error;
    return refuse({
      code: 'run-exists',
      expected: 'a folder without a run',
      got: folder,
      todo: 'name another folder, or resume the run in it',
    });
  } finally {
    await rm(unfinished);
  }
  await syncFolder(folder);
  return ok(null);
}

/**
 * Reads what was asked. It names a program, an address, and the variable whose value is sent there:
 * so it has to be the caller's own file, which nobody else can write.
 */
export async function readRun(folder: string): Promise<Result<RunFile, RunFileRefusal>> {
  const read = await textOf(path.join(folder, 'run.json'));
  if (!read.ok) return read;
  const text = read.value;
  const parsed = RunFile.safeParse(jsonOf(text));
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return refuse({
    code: 'run-malformed',
    expected: 'a run.json as it was written',
    got: `/${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'no JSON'}`,
    todo: 'take it from a backup, or begin a new run',
  });
}

async function textOf(place: string): Promise<Result<string, RunFileRefusal>> {
  const text = await readOwnText(place, bytesMax);
  if (text.ok) return text;
  const isMissing = text.refusal.code === 'file-missing';
  return refuse({ ...text.refusal, code: isMissing ? 'run-missing' : 'run-of-others' });
}

function isCoded(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** An id as Inspect makes them: 22 letters of 57. */
export function newLogId(): string {
  let number = BigInt(`0x${randomBytes(16).toString('hex')}`);
  let id = '';
  for (let i = 0; i < 22; i += 1) {
    id += letters[Number(number % 57n)] ?? '';
    number /= 57n;
  }
  return id;
}

/** Inspect's name of a log: when, of what, and whose. */
export function logName({ created, suite, task }: RunFile): string {
  const when = created.replace(/\.\d+Z$/u, '+00-00').replaceAll(':', '-');
  return `${when}_${suite.name.replaceAll('_', '-')}_${task}.eval`;
}
