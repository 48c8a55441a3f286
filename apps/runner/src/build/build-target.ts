import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type Digest, digestOf, type Json } from '@breakwater/kernel';
import { type Build, pinOf, type Recipe } from '@breakwater/proof';
import type { CollectLimits, Mount, RunLimits, RunRecord } from '../sandbox/sandbox.ts';
import type { CachedBuild } from './build-cache.ts';
import { buildScript, type FailedStep, stepCodes } from './build-script.ts';
import { baseEnvironment, report, type Workshop } from './workshop.ts';

/** One thing to build: sources and patches, the lines to run, the patch under test if any. */
export interface BuildOrder {
  /** For the progress line. */
  readonly title: string;
  readonly build: Build;
  readonly script: readonly string[];
  readonly programs: readonly string[];
  readonly patch?: Uint8Array;
}

/** A build that is there to be run; `folder` may be mounted as long as the stage is open. */
export interface BuiltTarget {
  readonly key: Digest;
  readonly digest: Digest;
  readonly folder: string;
  readonly fromCache: boolean;
}

/** Why a build did not come about; `log` is the end of what it printed. */
export interface BuildFailure {
  readonly step: FailedStep | 'sandbox';
  readonly detail: string;
  readonly log: string;
}

export type BuildOutcome =
  | { readonly kind: 'built'; readonly target: BuiltTarget }
  | { readonly kind: 'failed'; readonly failure: BuildFailure };

const collectLimits: CollectLimits = { filesMax: 5000, bytesMax: 512 * 1024 * 1024, depthMax: 24 };

/**
 * Builds a target inside the sandbox, or takes the same build from the cache.
 *
 * Same means: same archives, patches, script, side files, tools and machine. Unpacking, patching
 * and compiling all happen inside; only regular files of /out come back.
 */
export async function buildTarget(workshop: Workshop, order: BuildOrder): Promise<BuildOutcome> {
  const key = keyOf(workshop, order);
  const cached = await workshop.builds.find(key);
  if (cached !== null) {
    return { kind: 'built', target: await stageBuild(workshop, cached, true) };
  }
  report(workshop.job, { phase: 'build', text: order.title, done: 0, total: 1 });
  const incoming = await workshop.builds.incoming();
  try {
    const record = await runScript(workshop, {
      order,
      keep: [],
      collectInto: join(incoming, 'files'),
      limits: workshop.job.recipe.recipe.limits.build,
    });
    const failure = failureOf(record, order);
    if (failure !== null) return { kind: 'failed', failure };
    const files = record.collected.map(({ path, size, sha256 }) => ({ path, size, sha256 }));
    const { toolchain } = workshop;
    const built = await workshop.builds.admit(key, incoming, { files, toolchain });
    return { kind: 'built', target: await stageBuild(workshop, built, false) };
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
}

export interface ScriptRun {
  readonly order: BuildOrder;
  readonly keep: readonly string[];
  readonly collectInto?: string;
  readonly limits: Recipe['limits']['build'];
}

/** Unpacks, patches and runs an order's lines in a fresh world. */
export async function runScript(workshop: Workshop, run: ScriptRun): Promise<RunRecord> {
  const { order } = run;
  const { stage } = workshop;
  const prepare = buildScript(workshop.job.recipe, order.build, {
    patched: order.patch !== undefined,
    keep: run.keep,
  });
  const job = await stage.folder([
    ['prepare.sh', prepare],
    ['script.sh', `${order.script.join('\n')}\n`],
    ['patch', order.patch ?? ''],
  ]);
  const mounts: Mount[] = [...workshop.mounts, { source: job, target: '/job' }];
  for (const [name, source] of await neededBy(workshop, order.build)) {
    mounts.push({ source: await stage.copy(source.path), target: `/in/${name}` });
  }
  const into = run.collectInto;
  const record = await workshop.job.sandbox.run(
    {
      argv: ['/bin/sh', '/job/prepare.sh'],
      env: { ...baseEnvironment, SRC: '/tmp/src', OUT: '/out', SOURCE_DATE_EPOCH: '0' },
      cwd: '/tmp',
      mounts,
      ...(into === undefined ? {} : { collect: { target: '/out', into, ...collectLimits } }),
      profile: 'build',
      fixedAddresses: false,
      limits: runLimits(run.limits),
    },
    workshop.job.signal,
  );
  workshop.job.signal?.throwIfAborted();
  return record;
}

/** A recipe's limits in the sandbox's units. */
export function runLimits(limits: Recipe['limits']['build']): RunLimits {
  const mebibyte = 1024 * 1024;
  return {
    wallMs: limits.wallMs,
    // every process counts its own seconds, so this bounds a spinning one only
    cpuSeconds: Math.ceil(limits.wallMs / 1000) + 1,
    memoryBytes: limits.memoryMiB * mebibyte,
    processesMax: limits.processesMax,
    fileBytesMax: limits.fileMiB * mebibyte,
    scratchBytes: limits.scratchMiB * mebibyte,
    outputBytesMax: limits.outputKiB * 1024,
  };
}

/**
 * The name of a build: everything that goes into it. Sources count by their pins, which say what
 * their bytes are, so that a build already made needs none of them.
 */
function keyOf(workshop: Workshop, order: BuildOrder): Digest {
  const { archives, files } = workshop.job.recipe;
  const sideFiles = [...files].filter(([name]) => name !== 'recipe.json' && name !== 'README.md');
  const needed = [...archives].filter(([name]) => isNeeded(name, order.build));
  const parts: Json = {
    format: 2,
    sources: Object.fromEntries(needed.map(([name, source]) => [name, pinOf(source)])),
    prepare: buildScript(workshop.job.recipe, order.build, {
      patched: order.patch !== undefined,
      keep: [],
    }),
    script: order.script,
    sideFiles: Object.fromEntries(sideFiles.map(([name, bytes]) => [name, digestOf(bytes)])),
    patch: order.patch === undefined ? null : digestOf(order.patch),
    toolchain: workshop.toolchain,
  };
  return digestOf(canonicalJson(parts));
}

async function neededBy(workshop: Workshop, build: Build) {
  return [...(await workshop.sources())].filter(([name]) => isNeeded(name, build));
}

/** Whether a build unpacks an archive, or a lock file's part: `deps.3` belongs to `deps`. */
function isNeeded(archive: string, build: Build): boolean {
  const [source] = archive.split('.');
  return [...build.unpack, ...build.patches].some(
    (use) => 'source' in use && use.source === source,
  );
}

async function stageBuild(
  workshop: Workshop,
  build: CachedBuild,
  fromCache: boolean,
): Promise<BuiltTarget> {
  const { digest, key } = build;
  return { key, digest, folder: await workshop.stage.copy(build.folder), fromCache };
}

/** What went wrong in an order's run, or null when it came to its end. */
export function failureOf(record: RunRecord, order: BuildOrder): BuildFailure | null {
  const { ending } = record;
  if (ending.kind === 'exited' && ending.code === 0) return missingProgram(record, order);
  const log = tailOf(record);
  const step = stepOf(ending) ?? 'sandbox';
  return { step, detail: `${order.title}: ${failedWords[step]}${endingWords(ending)}`, log };
}

/** The step of the prepared script that failed; null when it was something else. */
export function stepOf(ending: RunRecord['ending']): FailedStep | null {
  if (ending.kind !== 'exited') return null;
  switch (ending.code) {
    case stepCodes.unpack:
      return 'unpack';
    case stepCodes['named-patch']:
      return 'named-patch';
    case stepCodes.patch:
      return 'patch';
    case stepCodes.script:
      return 'script';
    default:
      return null;
  }
}

const failedWords: Record<FailedStep | 'sandbox', string> = {
  unpack: 'a source archive could not be unpacked',
  'named-patch': "a patch of the recipe's own did not apply",
  patch: 'the patch does not apply',
  script: 'the build script failed',
  sandbox: 'the build did not come to its end',
};

function endingWords(ending: RunRecord['ending']): string {
  if (ending.kind === 'exited') return '';
  return ending.kind === 'failed' ? `: ${ending.detail}` : `: ${ending.kind}`;
}

function missingProgram(record: RunRecord, order: BuildOrder): BuildFailure | null {
  const made = new Set(record.collected.map(({ path }) => path));
  const missing = order.programs.find((program) => !made.has(program));
  if (missing === undefined) return null;
  const detail = `${order.title}: the build left no ${missing} in $OUT`;
  return { step: 'script', detail, log: tailOf(record) };
}

const logTailMax = 8000;

/** The end of what a run printed, errors last. */
export function tailOf(record: RunRecord): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8').slice(-logTailMax);
  return `${text(record.stdout)}\n${text(record.stderr)}`.trim().slice(-logTailMax);
}
