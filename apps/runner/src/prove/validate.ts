import { type Digest, digestOf, type Result } from '@breakwater/kernel';
import { judgeUnbuilt, judgeValidation, type ValidationJudgement } from '@breakwater/proof';
import { type BuildFailure, type BuiltTarget, buildTarget } from '../build/build-target.ts';
import {
  inWorkshop,
  type JobOptions,
  report,
  type Workshop,
  type WorkshopRefusal,
} from '../build/workshop.ts';
import type { Capabilities } from '../sandbox/sandbox.ts';
import { type AttemptOrder, type AttemptRecord, attempt, stageInput } from './attempt.ts';

export interface ValidateOptions extends JobOptions {
  /** The bytes of the proof of concept. */
  readonly proof: Uint8Array;
  /** Runs on the vulnerable build, 3 to 100; default 5. */
  readonly attempts?: number;
  /** The crash the report claims, as `signatureOf` writes it; only that one then counts. */
  readonly expectedSignature?: string;
}

/** What a build was, without where it lay. */
export interface BuildSummary {
  readonly version: string;
  readonly key: Digest;
  readonly digest: Digest;
  readonly fromCache: boolean;
}

/** Everything a validation found. Plain data, safe to store as JSON. */
export interface ValidationRecord {
  readonly kind: 'validation';
  readonly recipe: RecipeSummary;
  readonly proof: Digest;
  readonly judgement: ValidationJudgement;
  /** Null when a build failed; `failure` then says which step. */
  readonly builds: { readonly vulnerable: BuildSummary; readonly control: BuildSummary } | null;
  readonly failure: BuildFailure | null;
  readonly attempts: readonly AttemptRecord[];
  readonly control: readonly AttemptRecord[];
  readonly benign: readonly AttemptRecord[];
  readonly sandbox: Capabilities;
}

export interface RecipeSummary {
  readonly digest: Digest;
  readonly title: string;
  readonly package: string;
  readonly identifiers: readonly string[];
}

const controlRuns = 3;

/**
 * Validates a proof of concept: builds the vulnerable and the control target, runs the proof N
 * times on the one and three times on the other, the benign input once, each in a fresh world.
 *
 * Needs no server. A build that fails is a verdict (`errored`), not a refusal; refusals are what
 * keeps the job from starting: a source that cannot be had, a tool that is not installed. Rejects
 * only with SandboxUnavailable.
 */
export function validate(
  options: ValidateOptions,
): Promise<Result<ValidationRecord, WorkshopRefusal>> {
  const attempts = options.attempts ?? 5;
  if (!Number.isSafeInteger(attempts) || attempts < 3 || attempts > 100) {
    throw new RangeError(`expected 3 to 100 attempts, got ${attempts}`);
  }
  return inWorkshop(options, (workshop) => validateIn(workshop, options, attempts));
}

async function validateIn(
  workshop: Workshop,
  options: ValidateOptions,
  attempts: number,
): Promise<ValidationRecord> {
  const { recipe } = options.recipe;
  const about = {
    kind: 'validation' as const,
    recipe: summaryOf(workshop),
    proof: digestOf(options.proof),
    sandbox: options.sandbox.capabilities,
  };
  const built: BuiltTarget[] = [];
  for (const name of ['vulnerable', 'control'] as const) {
    const outcome = await buildTarget(workshop, {
      title: `${name} build (${recipe.builds[name].version})`,
      build: recipe.builds[name],
      script: recipe.script,
      programs: recipe.programs,
    });
    if (outcome.kind === 'failed') {
      const { failure } = outcome;
      const judgement = judgeUnbuilt(failure.detail);
      return { ...about, judgement, builds: null, failure, attempts: [], control: [], benign: [] };
    }
    built.push(outcome.target);
  }
  const [vulnerable, control] = built;
  if (vulnerable === undefined || control === undefined) throw new Error('two builds were made');

  const proof = await inputOf(workshop, options.proof, false);
  const benign = await inputOf(workshop, benignInput(workshop), true);
  const orders: AttemptOrder[] = [
    ...repeat(attempts, { build: 'vulnerable' as const, target: vulnerable, ...proof }),
    ...repeat(controlRuns, { build: 'control' as const, target: control, ...proof }),
    { build: 'vulnerable', target: vulnerable, ...benign },
  ];
  const records = await attemptAll(workshop, orders);
  const evidence = {
    attempts: records.slice(0, attempts),
    control: records.slice(attempts, attempts + controlRuns),
    benign: records.slice(attempts + controlRuns),
  };
  const { expectedSignature } = options;
  return {
    ...about,
    judgement: judgeValidation({ ...evidence, expectedSignature }),
    builds: {
      vulnerable: buildSummary(recipe.builds.vulnerable.version, vulnerable),
      control: buildSummary(recipe.builds.control.version, control),
    },
    failure: null,
    ...evidence,
  };
}

/** Runs orders one after the other, so that they do not disturb each other's timing. */
export async function attemptAll(
  workshop: Workshop,
  orders: readonly AttemptOrder[],
): Promise<AttemptRecord[]> {
  const records = [];
  for (const [done, order] of orders.entries()) {
    const text = `${order.benign ? 'benign input' : 'proof'} on the ${order.build} build`;
    report(workshop.job, { phase: 'proof', text, done, total: orders.length });
    records.push(await attempt(workshop, order));
  }
  return records;
}

/** An input as a part of an order. */
export async function inputOf(workshop: Workshop, input: Uint8Array, benign: boolean) {
  return { input, inputFolder: await stageInput(workshop, input), benign };
}

export function repeat<T>(times: number, value: T): T[] {
  return Array.from({ length: times }, () => value);
}

export function summaryOf(workshop: Workshop): RecipeSummary {
  const { digest, recipe } = workshop.job.recipe;
  const { identifiers, package: purl, title } = recipe;
  return { digest, title, package: purl, identifiers };
}

export function buildSummary(version: string, target: BuiltTarget): BuildSummary {
  const { digest, fromCache, key } = target;
  return { version, key, digest, fromCache };
}

/** The recipe's benign input, which reading the recipe found to be there. */
export function benignInput(workshop: Workshop): Uint8Array {
  const { files, recipe } = workshop.job.recipe;
  const bytes = files.get(recipe.benign.file);
  if (bytes === undefined) throw new Error('readRecipe refuses a recipe without its benign input');
  return bytes;
}
