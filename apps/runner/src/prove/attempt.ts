import { type Crash, readCrash } from '@breakwater/correlation';
import { canonicalJson, type Digest, digestOf, type Json, utf8 } from '@breakwater/kernel';
import { type Attempt, observe, observeBenign, type Run } from '@breakwater/proof';
import { z } from 'zod';
import { type BuiltTarget, runLimits } from '../build/build-target.ts';
import { inScratch } from '../build/scratch.ts';
import { targetEnvironment, type Workshop } from '../build/workshop.ts';
import type { Ending, Mount, RunEvidence, RunRecord, RunSpec } from '../sandbox/sandbox.ts';

export type BuildName = 'vulnerable' | 'control' | 'unpatched' | 'patched';

/** One stream of a run: all of it by digest, its beginning as text. */
export interface Output {
  readonly digest: Digest;
  readonly bytes: number;
  readonly truncated: boolean;
  /** The first 64 KiB, malformed UTF-8 replaced. Text from outside: show it quoted. */
  readonly text: string;
}

/** One sandboxed run, with everything needed to judge and to repeat it. Plain data. */
export interface AttemptRecord extends Attempt {
  readonly build: BuildName;
  readonly input: Digest;
  readonly ending: Ending;
  readonly wallMs: number;
  readonly peakMemoryBytes: number | null;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly crash: Crash | null;
  /** What the walls were in this very run; the network's denial was tried from inside. */
  readonly walls: RunEvidence;
  /** Sandbox, walls, limits, command, environment, digests of what went in and came out. */
  readonly evidence: Json;
  /** Digest of the canonical JSON of {@link evidence}. */
  readonly evidenceDigest: Digest;
}

/** What to run on: a staged build, an input's bytes, and which part the run plays. */
export interface AttemptOrder {
  readonly build: BuildName;
  readonly target: BuiltTarget;
  readonly input: Uint8Array;
  /** Where {@link stageInput} put it. */
  readonly inputFolder: string;
  readonly benign: boolean;
}

const excerptMax = 64 * 1024;
const collected = { filesMax: 500, bytesMax: 16 * 1024 * 1024, depthMax: 16 };

/** Runs an input once, in a fresh world, and judges the run by the recipe. */
export function attempt(workshop: Workshop, order: AttemptOrder): Promise<AttemptRecord> {
  if (guarded(workshop).length === 0) return attemptWith(workshop, order, null);
  return inScratch(workshop.job.cacheDir, (into) => attemptWith(workshop, order, into));
}

async function attemptWith(
  workshop: Workshop,
  order: AttemptOrder,
  into: string | null,
): Promise<AttemptRecord> {
  const { recipe } = workshop.job.recipe;
  const spec = specOf(workshop, order, into);
  const record = await workshop.job.sandbox.run(spec, workshop.job.signal);
  workshop.job.signal?.throwIfAborted();
  const run = readRun(workshop, record);
  const judged = order.benign
    ? observeBenign(recipe.success, recipe.benign, run.run)
    : observe(recipe.success, run.run);
  const evidence = evidenceOf(workshop, order, spec, record);
  return {
    ...judged,
    build: order.build,
    input: digestOf(order.input),
    ending: record.ending,
    wallMs: record.wallMs,
    peakMemoryBytes: record.peakMemoryBytes,
    stdout: outputOf(record.stdout, record.stdoutTruncated),
    stderr: outputOf(record.stderr, record.stderrTruncated),
    crash: run.crash,
    walls: record.evidence,
    evidence,
    evidenceDigest: digestOf(canonicalJson(evidence)),
  };
}

/** Lays an input where runs of this job may read it, under the name the recipe gives it. */
export function stageInput(workshop: Workshop, input: Uint8Array): Promise<string> {
  return workshop.stage.folder([[workshop.job.recipe.recipe.run.name, input]]);
}

/**
 * The crash that a sanitizer or a fuzzing engine reports in a run's output, and the one line that
 * names it; null where there is none. What only the program says of itself proves nothing.
 */
export function crashIn(stderr: string): { crash: Crash; signature: string } | null {
  const read = readCrash(stderr);
  if (!read.ok || !read.value.instrumented) return null;
  return { crash: read.value, signature: signatureOf(read.value) };
}

/** `Heap-buffer-overflow READ 1 in parse_string, parse_object, parse_value`. */
export function signatureOf(crash: Pick<Crash, 'type' | 'state'>): string {
  return `${crash.type} in ${crash.state.join(', ')}`.slice(0, 1000);
}

function specOf(workshop: Workshop, order: AttemptOrder, into: string | null): RunSpec {
  const { recipe } = workshop.job.recipe;
  const proofPath = `/proof/${recipe.run.name}`;
  const mounts: Mount[] = [
    ...workshop.mounts,
    { source: order.target.folder, target: '/build' },
    { source: order.inputFolder, target: '/proof' },
  ];
  const words = recipe.run.argv.map((word) => word.replaceAll('@@', proofPath));
  return {
    argv:
      into === null ? nonEmpty(words) : ['/bin/sh', '-c', guardScript(workshop), 'run', ...words],
    env: { ...targetEnvironment, ...recipe.run.env },
    cwd: into === null ? '/tmp' : '/out',
    mounts,
    ...(recipe.run.stdin === 'proof' ? { stdin: order.input } : {}),
    ...(into === null ? {} : { collect: { target: '/out', into, ...collected } }),
    profile: 'target',
    fixedAddresses: true,
    limits: runLimits(recipe.limits.run),
  };
}

function nonEmpty(words: readonly string[]): [string, ...string[]] {
  const [first, ...rest] = words;
  if (first === undefined) throw new Error('a parsed recipe has at least one word in run.argv');
  return [first, ...rest];
}

/** The files a proof must not change: laid into /out first, in the run's own world. */
function guarded(workshop: Workshop) {
  return workshop.job.recipe.recipe.success.flatMap((c) => (c.kind === 'file-changed' ? [c] : []));
}

function guardScript(workshop: Workshop): string {
  const lay = guarded(workshop).map(({ file, original }) => {
    const folder = file.split('/').slice(0, -1).join('/');
    const make = folder === '' ? '' : `mkdir -p ${folder} && `;
    return `${make}cat /recipe/${original} > ${file}`;
  });
  return [...lay, 'exec "$@"'].join(' && ');
}

function readRun(workshop: Workshop, record: RunRecord): { run: Run; crash: Crash | null } {
  const stdout = Buffer.from(record.stdout).toString('utf8');
  const stderr = Buffer.from(record.stderr).toString('utf8');
  const found = crashIn(stderr);
  const { files } = workshop.job.recipe;
  const changedFiles = guarded(workshop)
    .filter(({ file, original }) => {
      const after = record.collected.find(({ path }) => path === file);
      const before = files.get(original);
      return before === undefined || `sha256:${after?.sha256}` !== digestOf(before);
    })
    .map(({ file }) => file);
  const crashSignature = found?.signature ?? null;
  const run = { ending: record.ending, stdout, stderr, crashSignature, changedFiles };
  return { run, crash: found?.crash ?? null };
}

/** One stream as a record keeps it. */
export function outputOf(bytes: Uint8Array, truncated: boolean): Output {
  const text = Buffer.from(bytes.subarray(0, excerptMax)).toString('utf8');
  return { digest: digestOf(bytes), bytes: bytes.length, truncated, text };
}

function evidenceOf(
  workshop: Workshop,
  order: AttemptOrder,
  spec: RunSpec,
  record: RunRecord,
): Json {
  const { evidence } = record;
  return plain({
    recipe: workshop.job.recipe.digest,
    target: { name: order.build, digest: order.target.digest, key: order.target.key },
    input: digestOf(order.input),
    argv: spec.argv,
    env: spec.env,
    cwd: spec.cwd,
    profile: spec.profile,
    fixedAddresses: spec.fixedAddresses,
    toolchain: workshop.toolchain,
    ending: record.ending,
    stdout: { digest: digestOf(record.stdout), truncated: record.stdoutTruncated },
    stderr: { digest: digestOf(record.stderr), truncated: record.stderrTruncated },
    collected: record.collected,
    wallMs: Math.round(record.wallMs),
    peakMemoryBytes: record.peakMemoryBytes,
    sandbox: evidence satisfies RunEvidence,
  });
}

function plain(value: object): Json {
  return z.json().parse(JSON.parse(JSON.stringify(value)));
}

/** Whether this run proved from inside that it had no network. */
export function networkDenied(record: AttemptRecord): boolean {
  return record.walls.network.denied;
}

/** Digest of a text, for logs kept beside a record. */
export function digestOfText(text: string): Digest {
  return digestOf(utf8(text));
}
