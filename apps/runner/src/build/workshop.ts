import { ok, type Result } from '@breakwater/kernel';
import { type FetchRefusal, fetchSource } from '../fetch/fetch-source.ts';
import { type CachedSource, SourceCache } from '../fetch/source-cache.ts';
import type { LoadedRecipe } from '../recipe/read-recipe.ts';
import type { Mount, Sandbox } from '../sandbox/sandbox.ts';
import { BuildCache } from './build-cache.ts';
import { sweepAbandoned } from './scratch.ts';
import { Stage } from './stage.ts';
import { findToolchain, type Tool, type Toolchain } from './toolchain.ts';

/** What is going on, for a progress line. `total` is 0 where it is not known. */
export interface Progress {
  readonly phase: 'fetch' | 'build' | 'proof' | 'tests' | 'campaign';
  readonly text: string;
  readonly done: number;
  readonly total: number;
}

/** What every job on a recipe needs from whoever starts it. */
export interface JobOptions {
  readonly recipe: LoadedRecipe;
  readonly sandbox: Sandbox;
  /** A folder of ours, created 0700: fetched sources and builds live there by digest. */
  readonly cacheDir: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Aborting makes the job reject with the signal's reason, at once or after the run at hand. */
  readonly signal?: AbortSignal;
}

export type WorkshopRefusal = FetchRefusal | 'tool-missing';

/** The trusted preparation of one job: side files staged, tools found, sources at hand. */
export interface Workshop {
  readonly job: JobOptions;
  /**
   * Every archive of the recipe, fetched when it is first asked for: a job on builds that are in
   * the cache needs none. Ends the job with a refusal when one cannot be had.
   */
  readonly sources: () => Promise<ReadonlyMap<string, CachedSource>>;
  readonly toolchain: Toolchain;
  readonly builds: BuildCache;
  readonly stage: Stage;
  /** The recipe's side files at /recipe and its tools at /tools. */
  readonly mounts: readonly Mount[];
}

/** Prepares a job, hands it to `work`, and removes what was staged whatever happens. */
export async function inWorkshop<T>(
  job: JobOptions,
  work: (workshop: Workshop) => Promise<T>,
  tools: readonly Tool[] = job.recipe.recipe.tools,
): Promise<Result<T, WorkshopRefusal>> {
  const { archives, files } = job.recipe;
  const toolchain = await findToolchain(tools, [...archives.values()]);
  if (!toolchain.ok) return toolchain;
  await sweepAbandoned(job.cacheDir);
  await using stage = new Stage(job.sandbox, job.cacheDir);
  const mounts: Mount[] = [{ source: await stage.folder(files), target: '/recipe' }];
  if (tools.includes('node')) {
    mounts.push({ source: await stage.program(process.execPath), target: '/tools/node' });
  }
  const builds = new BuildCache(job.cacheDir);
  let fetching: Promise<ReadonlyMap<string, CachedSource>> | null = null;
  const sources = () => (fetching ??= fetchAll(job));
  try {
    return ok(await work({ job, sources, toolchain: toolchain.value, builds, stage, mounts }));
  } catch (error) {
    if (error instanceof SourceRefused) return error.refusal;
    throw error;
  }
}

/** Carries a source's refusal through the work that asked for it. */
class SourceRefused extends Error {
  readonly refusal: Extract<Result<never, FetchRefusal>, { ok: false }>;

  constructor(refusal: SourceRefused['refusal']) {
    super(refusal.refusal.got);
    this.refusal = refusal;
  }
}

async function fetchAll(job: JobOptions): Promise<ReadonlyMap<string, CachedSource>> {
  const cache = new SourceCache(job.cacheDir);
  const { archives } = job.recipe;
  const sources = new Map<string, CachedSource>();
  for (const [name, source] of archives) {
    report(job, { phase: 'fetch', text: name, done: sources.size, total: archives.size });
    const fetched = await fetchSource(source, cache, job.signal);
    if (!fetched.ok) throw new SourceRefused(fetched);
    sources.set(name, fetched.value);
  }
  return sources;
}

export function report(job: JobOptions, progress: Progress): void {
  job.onProgress?.(progress);
}

/** The environment every command in the sandbox starts from. */
export const baseEnvironment = {
  PATH: '/tools:/usr/bin:/bin',
  HOME: '/tmp',
  LANG: 'C.UTF-8',
} as const;

/** That of programs under test: LeakSanitizer needs ptrace, which the sandbox refuses them. */
export const targetEnvironment = { ...baseEnvironment, ASAN_OPTIONS: 'detect_leaks=0' } as const;
