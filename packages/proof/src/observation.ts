import type { Criterion } from './recipe.ts';

/** How a run ended, as the sandbox tells it; `signaled` is inferred from exit code 128+n. */
export type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly code: number; readonly signal: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'output-limit' }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly detail: string };

/** What one run showed; the texts may be cut at the sandbox's output limit. */
export interface Run {
  readonly ending: Ending;
  readonly stdout: string;
  readonly stderr: string;
  /** Signature of the sanitizer report in the output; null when there is none. */
  readonly crashSignature: string | null;
  /** Paths of the recipe's guarded files that no longer hold their original bytes. */
  readonly changedFiles: readonly string[];
}

/**
 * What one attempt says about the proof.
 *
 * `fired`: every criterion held. `crashed`: the target died of a signal or a sanitizer report,
 * but not as the recipe asks. `quiet`: it ended by itself without that. `cut-short`: a limit
 * ended it first, so it says nothing. `errored`: the host could not run it.
 */
export type Outcome = 'fired' | 'crashed' | 'quiet' | 'cut-short' | 'errored';

export interface Attempt {
  readonly outcome: Outcome;
  /** Signature of the crash, where the run left a sanitizer report. */
  readonly signature: string | null;
  /** One phrase for a person. */
  readonly reason: string;
}

/** Judges one run by the recipe's criteria; all of them must hold for it to have fired. */
export function observe(success: readonly Criterion[], run: Run): Attempt {
  const signature = run.crashSignature;
  const { ending } = run;
  if (ending.kind === 'failed' || ending.kind === 'aborted') {
    const detail = ending.kind === 'failed' ? `: ${ending.detail}` : '';
    return { outcome: 'errored', signature: null, reason: `the run ${ending.kind}${detail}` };
  }
  if (success.every((criterion) => holds(criterion, run))) {
    const what = success.map((criterion) => inWords(criterion, run)).join(' and ');
    return { outcome: 'fired', signature, reason: what };
  }
  if (signature !== null) {
    return { outcome: 'crashed', signature, reason: `another sanitizer report: ${signature}` };
  }
  switch (ending.kind) {
    case 'signaled':
      return { outcome: 'crashed', signature, reason: `died of ${ending.signal}` };
    case 'timed-out':
      return { outcome: 'cut-short', signature, reason: 'stopped by the time limit' };
    case 'output-limit':
      return { outcome: 'cut-short', signature, reason: 'stopped by the output limit' };
    case 'out-of-memory':
      return { outcome: 'cut-short', signature, reason: 'stopped by the memory limit' };
    case 'exited':
      return { outcome: 'quiet', signature, reason: `exited with code ${ending.code}` };
  }
}

/** What the benign input must do: end with this code, and say this. */
export interface BenignExpectation {
  readonly exit: number;
  readonly contains?: string | undefined;
}

/**
 * Judges a run of the benign input: `quiet` when it did what the recipe expects of it, `crashed`
 * when it ended by itself in any other way.
 */
export function observeBenign(
  success: readonly Criterion[],
  expectation: BenignExpectation,
  run: Run,
): Attempt {
  const attempt = observe(success, run);
  if (attempt.outcome !== 'quiet' || run.ending.kind !== 'exited') return attempt;
  if (run.ending.code !== expectation.exit) {
    const reason = `exited with code ${run.ending.code} instead of ${expectation.exit}`;
    return { outcome: 'crashed', signature: null, reason };
  }
  const { contains } = expectation;
  if (contains !== undefined && !run.stdout.includes(contains)) {
    const reason = `its output lacks ${JSON.stringify(contains)}`;
    return { outcome: 'crashed', signature: null, reason };
  }
  return attempt;
}

function holds(criterion: Criterion, run: Run): boolean {
  switch (criterion.kind) {
    case 'sanitizer':
      return (
        run.crashSignature !== null &&
        (criterion.signature === undefined || criterion.signature === run.crashSignature)
      );
    case 'signal':
      return run.ending.kind === 'signaled' && criterion.signals.includes(run.ending.signal);
    case 'exit':
      // 128+n looks like a signal from outside, yet a recipe may ask for exactly that code
      return (
        (run.ending.kind === 'exited' || run.ending.kind === 'signaled') &&
        run.ending.code === criterion.code
      );
    case 'output':
      return (
        (criterion.stream !== 'stderr' && run.stdout.includes(criterion.contains)) ||
        (criterion.stream !== 'stdout' && run.stderr.includes(criterion.contains))
      );
    case 'file-changed':
      return run.changedFiles.includes(criterion.file);
  }
}

function inWords(criterion: Criterion, run: Run): string {
  switch (criterion.kind) {
    case 'sanitizer':
      return `sanitizer report ${run.crashSignature ?? ''}`;
    case 'signal':
      return `died of ${run.ending.kind === 'signaled' ? run.ending.signal : 'a signal'}`;
    case 'exit':
      return `exited with code ${criterion.code}`;
    case 'output':
      return `said ${JSON.stringify(criterion.contains)}`;
    case 'file-changed':
      return `changed ${criterion.file}`;
  }
}
