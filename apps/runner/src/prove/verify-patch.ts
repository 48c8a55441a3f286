import { type Digest, digestOf, type Result } from '@breakwater/kernel';
import { judgePatch, type PatchJudgement, type Preparation, type TestRun } from '@breakwater/proof';
import {
  type BuildOrder,
  type BuiltTarget,
  buildTarget,
  runScript,
  stepOf,
  tailOf,
} from '../build/build-target.ts';
import {
  inWorkshop,
  type JobOptions,
  report,
  type Workshop,
  type WorkshopRefusal,
} from '../build/workshop.ts';
import type { Capabilities, RunRecord } from '../sandbox/sandbox.ts';
import { type AttemptRecord, digestOfText } from './attempt.ts';
import {
  attemptAll,
  type BuildSummary,
  benignInput,
  buildSummary,
  inputOf,
  type RecipeSummary,
  repeat,
  summaryOf,
} from './validate.ts';

/** A proof that was validated before. */
export interface Proof {
  /** How reasons call it, such as its file name. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expectedSignature?: string;
}

export interface VerifyPatchOptions extends JobOptions {
  /** A unified diff against the vulnerable build's sources, applied with `patch -p1`. */
  readonly patch: Uint8Array;
  /** Every old proof of the case; at most 500. */
  readonly proofs: readonly Proof[];
  /** Runs of each proof on each build, 1 to 100; default 3. */
  readonly attempts?: number;
}

/** The owner's tests on one source, with the end of what they printed. */
export interface TestRecord extends TestRun {
  readonly log: string;
  readonly logDigest: Digest;
  readonly wallMs: number;
}

export interface MatrixRow {
  readonly proof: Digest;
  readonly name: string;
  readonly unpatched: readonly AttemptRecord[];
  readonly patched: readonly AttemptRecord[];
}

/** Everything a patch verification found. Plain data, safe to store as JSON. */
export interface PatchRecord {
  readonly kind: 'patch';
  readonly recipe: RecipeSummary;
  readonly patch: Digest;
  readonly version: string;
  readonly judgement: PatchJudgement;
  readonly preparation: Preparation;
  /** The end of the log of the step that failed; empty when both builds were made. */
  readonly failureLog: string;
  readonly builds: { readonly unpatched: BuildSummary; readonly patched: BuildSummary } | null;
  readonly matrix: readonly MatrixRow[];
  readonly benign: readonly AttemptRecord[];
  readonly tests: { readonly unpatched: TestRecord; readonly patched: TestRecord } | null;
  readonly sandbox: Capabilities;
}

/**
 * Verifies a patch (product law 3): builds with and without it, runs every old proof on both,
 * the benign input on the patched build, and the owner's tests on both sources.
 *
 * Needs no server. A patch that does not apply or build is a verdict, not a refusal.
 */
export function verifyPatch(
  options: VerifyPatchOptions,
): Promise<Result<PatchRecord, WorkshopRefusal>> {
  const attempts = options.attempts ?? 3;
  if (!Number.isSafeInteger(attempts) || attempts < 1 || attempts > 100) {
    throw new RangeError(`expected 1 to 100 attempts, got ${attempts}`);
  }
  if (options.proofs.length > 500) throw new RangeError('expected at most 500 proofs');
  return inWorkshop(options, (workshop) => verifyIn(workshop, options, attempts));
}

async function verifyIn(
  workshop: Workshop,
  options: VerifyPatchOptions,
  attempts: number,
): Promise<PatchRecord> {
  const { recipe } = options.recipe;
  const { version } = recipe.builds.vulnerable;
  const about = {
    kind: 'patch' as const,
    recipe: summaryOf(workshop),
    patch: digestOf(options.patch),
    version,
    sandbox: options.sandbox.capabilities,
  };
  const made = await buildBoth(workshop, options.patch);
  if ('preparation' in made) {
    const nothing = { matrix: [], benign: [], tests: null };
    const judgement = judgePatch({ preparation: made.preparation, ...nothing });
    return { ...about, ...made, judgement, builds: null, ...nothing };
  }
  const matrix: MatrixRow[] = [];
  for (const proof of options.proofs) matrix.push(await runRow(workshop, made, proof, attempts));
  const input = await inputOf(workshop, benignInput(workshop), true);
  const benign = await attemptAll(workshop, [{ build: 'patched', target: made.patched, ...input }]);
  const tests = await runTests(workshop, options.patch);
  const cells = matrix.map((row, index) => ({
    proof: row.name,
    expectedSignature: options.proofs[index]?.expectedSignature,
    unpatched: row.unpatched,
    patched: row.patched,
  }));
  const preparation = { kind: 'built' as const };
  return {
    ...about,
    judgement: judgePatch({ preparation, matrix: cells, benign, tests }),
    preparation,
    failureLog: '',
    builds: {
      unpatched: buildSummary(version, made.unpatched),
      patched: buildSummary(`${version} with the patch`, made.patched),
    },
    matrix,
    benign,
    tests,
  };
}

interface BothBuilds {
  readonly unpatched: BuiltTarget;
  readonly patched: BuiltTarget;
}

async function buildBoth(
  workshop: Workshop,
  patch: Uint8Array,
): Promise<BothBuilds | { preparation: Preparation; failureLog: string }> {
  const { recipe } = workshop.job.recipe;
  const order: BuildOrder = {
    title: 'unpatched build',
    build: recipe.builds.vulnerable,
    script: recipe.script,
    programs: recipe.programs,
  };
  const unpatched = await buildTarget(workshop, order);
  if (unpatched.kind === 'failed') {
    const { detail, log } = unpatched.failure;
    return { preparation: { kind: 'unpatched-build-fails', detail }, failureLog: log };
  }
  const patched = await buildTarget(workshop, { ...order, title: 'patched build', patch });
  if (patched.kind === 'failed') {
    const { detail, log, step } = patched.failure;
    const kind = step === 'patch' ? 'patch-does-not-apply' : 'patched-build-fails';
    return { preparation: { kind, detail }, failureLog: log };
  }
  return { unpatched: unpatched.target, patched: patched.target };
}

async function runRow(
  workshop: Workshop,
  builds: BothBuilds,
  proof: Proof,
  attempts: number,
): Promise<MatrixRow> {
  const input = await inputOf(workshop, proof.bytes, false);
  const records = await attemptAll(workshop, [
    ...repeat(attempts, { build: 'unpatched' as const, target: builds.unpatched, ...input }),
    ...repeat(attempts, { build: 'patched' as const, target: builds.patched, ...input }),
  ]);
  return {
    proof: digestOf(proof.bytes),
    name: proof.name,
    unpatched: records.slice(0, attempts),
    patched: records.slice(attempts),
  };
}

async function runTests(workshop: Workshop, patch: Uint8Array): Promise<PatchRecord['tests']> {
  if (workshop.job.recipe.recipe.tests === undefined) return null;
  const unpatched = await runTestsOnce(workshop, null);
  return { unpatched, patched: await runTestsOnce(workshop, patch) };
}

async function runTestsOnce(workshop: Workshop, patch: Uint8Array | null): Promise<TestRecord> {
  const { builds, limits, tests } = workshop.job.recipe.recipe;
  if (tests === undefined) throw new Error('asked to run tests that the recipe does not have');
  const text = patch === null ? "owner's tests, unpatched" : "owner's tests, patched";
  report(workshop.job, { phase: 'tests', text, done: patch === null ? 0 : 1, total: 2 });
  const order: BuildOrder = {
    title: text,
    build: builds.vulnerable,
    script: tests.script,
    programs: [],
    ...(patch === null ? {} : { patch }),
  };
  const run = { order, keep: patch === null ? [] : tests.paths, limits: limits.tests };
  const record = await runScript(workshop, run);
  const log = tailOf(record);
  const passed = countLines(record, tests.passedLine);
  const { outcome, reason } = testOutcome(record, passed);
  return { outcome, passed, reason, log, logDigest: digestOfText(log), wallMs: record.wallMs };
}

function testOutcome(record: RunRecord, passed: number): Pick<TestRun, 'outcome' | 'reason'> {
  const { ending } = record;
  switch (ending.kind) {
    case 'exited':
      if (ending.code === 0) return { outcome: 'passed', reason: `${passed} passed` };
      if (stepOf(ending) === 'script')
        return { outcome: 'failed', reason: `${passed} passed, then it failed` };
      return { outcome: 'errored', reason: 'the test sources could not be prepared' };
    case 'signaled':
      return { outcome: 'failed', reason: `died of ${ending.signal}` };
    case 'timed-out':
    case 'output-limit':
    case 'out-of-memory':
      return { outcome: 'cut-short', reason: `stopped: ${ending.kind}` };
    case 'aborted':
    case 'failed':
      return { outcome: 'errored', reason: ending.kind };
  }
}

function countLines(record: RunRecord, mark: string): number {
  const text = Buffer.from(record.stdout).toString('utf8');
  return text.split('\n').filter((line) => line.includes(mark)).length;
}
