import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Crash } from '@breakwater/correlation';
import { type Digest, type Result, refuse } from '@breakwater/kernel';
import {
  type BuildFailure,
  type BuiltTarget,
  buildTarget,
  runLimits,
  tailOf,
} from '../build/build-target.ts';
import { inScratch } from '../build/scratch.ts';
import {
  inWorkshop,
  type JobOptions,
  report,
  targetEnvironment,
  type Workshop,
  type WorkshopRefusal,
} from '../build/workshop.ts';
import type { Capabilities, Ending, RunRecord } from '../sandbox/sandbox.ts';
import { crashIn, type Output, outputOf } from './attempt.ts';
import { type BuildSummary, buildSummary, type RecipeSummary, summaryOf } from './validate.ts';

export interface CampaignOptions extends JobOptions {
  /** How long to fuzz; at most, and by default, what the recipe allows. */
  readonly seconds?: number;
}

/** An input the fuzzer kept because the target failed on it. */
export interface FoundInput {
  /** As libFuzzer names it: `crash-`, `leak-`, `oom-` or `timeout-` and a digest. */
  readonly name: string;
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** Everything one campaign found. */
export interface CampaignRecord {
  readonly kind: 'campaign';
  readonly recipe: RecipeSummary;
  readonly version: string;
  readonly outcome: 'found' | 'nothing-found' | 'errored';
  readonly reason: string;
  readonly found: readonly FoundInput[];
  /** The report of the failure; null where none was printed. */
  readonly crash: Crash | null;
  readonly signature: string | null;
  readonly output: Output | null;
  /** The failure's report as it was printed, at most 64 KiB; null where there is none. */
  readonly report: string | null;
  readonly build: BuildSummary | null;
  readonly failure: BuildFailure | null;
  readonly ending: Ending | null;
  readonly wallMs: number;
  /** Inputs tried, as libFuzzer counts them; null where it did not say. */
  readonly executions: number | null;
  readonly sandbox: Capabilities;
}

export type CampaignRefusal = WorkshopRefusal | 'no-campaign';

const graceMs = 15_000;
const foundBytesMax = 1024 * 1024;
const reportMax = 64 * 1024;

/**
 * Runs the recipe's libFuzzer campaign on the vulnerable sources, in the sandbox, until it fails
 * once or its time is over. Needs no server; what it found is data from outside like any other.
 */
export async function runCampaign(
  options: CampaignOptions,
): Promise<Result<CampaignRecord, CampaignRefusal>> {
  const { campaign } = options.recipe.recipe;
  if (campaign === undefined) {
    return refuse({
      code: 'no-campaign',
      expected: 'a recipe with a campaign',
      got: `${JSON.stringify(options.recipe.recipe.title)} has none`,
      todo: 'add a harness and a "campaign" section, as docs/recipes.md shows',
    });
  }
  const seconds = Math.max(
    1,
    Math.min(options.seconds ?? campaign.secondsMax, campaign.secondsMax),
  );
  return inWorkshop(options, (workshop) => runIn(workshop, campaign, seconds), campaign.tools);
}

type Campaign = NonNullable<JobOptions['recipe']['recipe']['campaign']>;

async function runIn(
  workshop: Workshop,
  campaign: Campaign,
  seconds: number,
): Promise<CampaignRecord> {
  const { job } = workshop;
  const { vulnerable } = job.recipe.recipe.builds;
  const outcome = await buildTarget(workshop, {
    title: `fuzzer for ${vulnerable.version}`,
    build: vulnerable,
    script: campaign.script,
    programs: [campaign.program],
  });
  const about = {
    kind: 'campaign' as const,
    recipe: summaryOf(workshop),
    version: vulnerable.version,
    sandbox: job.sandbox.capabilities,
  };
  if (outcome.kind === 'failed') {
    const nothing = {
      found: [],
      crash: null,
      signature: null,
      output: null,
      report: null,
      build: null,
    };
    const { failure } = outcome;
    const rest = { failure, ending: null, wallMs: 0, executions: null };
    return { ...about, outcome: 'errored', reason: failure.detail, ...nothing, ...rest };
  }
  report(job, { phase: 'campaign', text: `fuzzing for ${seconds} s`, done: 0, total: seconds });
  return inScratch(job.cacheDir, async (into) => {
    const record = await fuzz(workshop, { campaign, seconds, target: outcome.target, into });
    job.signal?.throwIfAborted();
    const build = buildSummary(vulnerable.version, outcome.target);
    return { ...about, ...(await conclude(record, into)), build, failure: null };
  });
}

interface Fuzzing {
  readonly campaign: Campaign;
  readonly seconds: number;
  readonly target: BuiltTarget;
  readonly into: string;
}

function fuzz(workshop: Workshop, fuzzing: Fuzzing): Promise<RunRecord> {
  const { campaign, into, seconds, target } = fuzzing;
  const { job } = workshop;
  const { env } = job.recipe.recipe.run;
  const limits = runLimits(job.recipe.recipe.limits.build);
  const seeds = campaign.seeds === undefined ? [] : [`/recipe/${campaign.seeds}`];
  return job.sandbox.run(
    {
      argv: [
        '/bin/sh',
        ...['-c', 'mkdir /tmp/corpus && exec "$@"', 'fuzz'],
        ...[`/build/${campaign.program}`, ...campaign.arguments],
        ...[`-max_total_time=${seconds}`, '-artifact_prefix=/out/', '-print_final_stats=1'],
        ...['/tmp/corpus', ...seeds],
      ],
      env: { ...targetEnvironment, ...env },
      cwd: '/tmp',
      mounts: [...workshop.mounts, { source: target.folder, target: '/build' }],
      collect: { target: '/out', into, filesMax: 16, bytesMax: 16 * foundBytesMax, depthMax: 1 },
      profile: 'target',
      fixedAddresses: false,
      limits: { ...limits, wallMs: seconds * 1000 + graceMs, cpuSeconds: seconds + graceMs / 1000 },
    },
    job.signal,
  );
}

async function conclude(record: RunRecord, into: string) {
  const found: FoundInput[] = [];
  for (const { path, sha256, size } of record.collected) {
    if (!/^(crash|leak|oom|timeout)-[0-9a-f]{40}$/.test(path) || size > foundBytesMax) continue;
    const bytes = new Uint8Array(await readFile(join(into, path)));
    found.push({ name: path, digest: `sha256:${sha256}`, bytes });
  }
  const stderr = Buffer.from(record.stderr).toString('utf8');
  const read = found.length === 0 ? null : crashIn(stderr);
  const executions = /stat::number_of_executed_units:\s+(\d{1,15})/.exec(stderr)?.[1];
  const { ending } = record;
  const cleanEnd = ending.kind === 'exited' && ending.code === 0;
  const outcome =
    found.length > 0
      ? ('found' as const)
      : cleanEnd
        ? ('nothing-found' as const)
        : ('errored' as const);
  const reasons = {
    found: read?.signature ?? 'the fuzzer kept an input without printing a report',
    'nothing-found': 'the time ended without a failure',
    errored: `the fuzzer ended with ${ending.kind}: ${tailOf(record).slice(-500)}`,
  };
  return {
    outcome,
    reason: reasons[outcome],
    found,
    crash: read?.crash ?? null,
    signature: read?.signature ?? null,
    output: outputOf(record.stderr, record.stderrTruncated),
    report: read === null ? null : reportIn(stderr),
    ending,
    wallMs: record.wallMs,
    executions: executions === undefined ? null : Number(executions),
  };
}

/** The report starts where a sanitizer or libFuzzer says ERROR; before it are progress lines. */
function reportIn(stderr: string): string {
  const start = stderr.search(/^==\d+== ?ERROR: /m);
  return stderr.slice(Math.max(start, 0)).slice(0, reportMax);
}
