import path from 'node:path';
import { type SealedSuite, type SuiteCode, sealedCommitments } from '@breakwater/benchmark';
import type { EvalLogCode, LogStart } from '@breakwater/formats/eval-log';
import { ok, type Result, refuse } from '@breakwater/kernel';
import {
  openBlobs,
  openWorld,
  type Sandbox,
  scoreIn,
  type WorldRefusalCode,
} from '@breakwater/runner';
import { Access, type AccessPort } from '../access/access.ts';
import type { OwnAgent } from '../bridge/run-bridged.ts';
import { suiteFolder } from '../files/suite-folder.ts';
import type { JournalRefusal } from '../journal/journal.ts';
import { LogFile } from '../log/log-file.ts';
import { endOf } from '../log/results.ts';
import type { LoggedSample } from '../log/sample-of.ts';
import { patience } from '../models/call-model.ts';
import { conformEndpoint, type EndpointRefusal } from '../models/endpoint.ts';
import { NoWorld } from '../sample/open-sample.ts';
import { jobsOf, type LoadedSuite, loadSuite, samplesOf } from '../suite/jobs.ts';
import { lockRun } from './lock.ts';
import {
  createRun,
  logName,
  newLogId,
  type RunFile,
  type RunFileRefusal,
  readRun,
} from './run-file.ts';
import { billFor, runSamples } from './run-samples.ts';
import type { Clock, RunProgress, SampleProgress, Worlds } from './surroundings.ts';

/** What a person asks of a new run; the rest of `run.json` is made. */
export type RunAsked = Omit<
  RunFile,
  'format' | 'run' | 'eval' | 'task' | 'created' | 'suite' | 'samples'
> & {
  readonly suite: string;
  readonly variants: boolean;
  /** Where the suite was committed to: the log then names the commitment of each item. */
  readonly sealed?: SealedSuite;
};

/** What a run is lent by the program that starts it. */
export interface RunGiven {
  readonly worlds: Worlds;
  /** A variable of the environment; undefined where there is none. */
  readonly variable: (name: string) => string | undefined;
  /** What an agent of one's own is given of the environment; the key's variable is taken out. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly onProgress: (progress: RunProgress) => void;
  /** Called once the run stands, before its samples go on; what it throws ends the run there. */
  readonly onReady?: (run: RunFile) => Promise<void>;
  /** Asked before each call of the model; left out: nobody has to be. */
  readonly access?: AccessPort;
  readonly signal: AbortSignal;
}

/** A run that came to its end. */
export interface RunDone {
  /** The `.eval` log. */
  readonly log: string;
  readonly samples: number;
  /** Samples without a score: something else than the model failed. */
  readonly unscored: number;
  /** Of these, samples whose world fell silent: by the model's doing, or by this machine. */
  readonly unresponsive: number;
  /** Samples in which a canary or an answer stood that nothing had shown. */
  readonly leaking: number;
  readonly accuracy: number | null;
  readonly stderr: number | null;
}

export type RunCode =
  | SuiteCode
  | RunFileRefusal
  | EndpointRefusal
  | JournalRefusal
  | EvalLogCode
  | WorldRefusalCode
  | 'run-is-running'
  | 'suite-changed'
  | 'commitment-differs'
  | 'key-missing'
  | 'prices-missing';

/** Worlds in a sandbox of this machine. */
export function worldsIn(sandbox: Sandbox): Worlds {
  return {
    open: (options) => openWorld(sandbox, options),
    score: (request) => scoreIn(sandbox, request),
  };
}

/** Begins a run in a new folder and runs it to its end. */
export async function beginRun(
  folder: string,
  asked: RunAsked,
  given: RunGiven,
): Promise<Result<RunDone, RunCode>> {
  const { suite: suitePlace, variants, sealed, ...rest } = asked;
  const loaded = await loadSuite(suiteFolder(suitePlace));
  if (!loaded.ok) return loaded;
  const { suite, digest, items } = loaded.value;
  const { name, title, version } = suite;
  const commitments = sealed === undefined ? null : sealedCommitments(sealed, items);
  if (commitments?.ok === false) return commitments;
  if (rest.runLimits.cost !== undefined && rest.prices === null) return needPrices();
  const run: RunFile = {
    format: 'breakwater-run/1',
    run: newLogId(),
    eval: newLogId(),
    task: newLogId(),
    created: given.clock.now().toISOString(),
    ...rest,
    suite: {
      ...{ folder: path.resolve(suitePlace), name, title, version, digest },
      ...(sealed !== undefined && {
        sealed: { root: sealed.root, commitments: [...(commitments?.value ?? [])] },
      }),
    },
    samples: [...samplesOf(loaded.value, { epochs: rest.epochs, variants })],
  };
  const created = await createRun(folder, run);
  if (!created.ok) return created;
  return await play({ folder, run, loaded: loaded.value, given });
}

/** Goes on with a run that was stopped, however that was. One that is finished is told again. */
export async function resumeRun(
  folder: string,
  given: RunGiven,
): Promise<Result<RunDone, RunCode>> {
  const run = await readRun(folder);
  if (!run.ok) return run;
  const loaded = await loadSuite(suiteFolder(run.value.suite.folder));
  if (!loaded.ok) return loaded;
  if (loaded.value.digest !== run.value.suite.digest) {
    return refuse({
      code: 'suite-changed',
      expected: `the suite as it was: ${run.value.suite.digest}`,
      got: loaded.value.digest,
      todo: 'put it back as it was, or begin a new run',
    });
  }
  return await play({ folder, run: run.value, loaded: loaded.value, given });
}

interface Play {
  readonly folder: string;
  readonly run: RunFile;
  readonly loaded: LoadedSuite;
  readonly given: RunGiven;
}

async function play(what: Play): Promise<Result<RunDone, RunCode>> {
  const { folder, run, loaded, given } = what;
  const { api, endpoint: url, model, keyEnv } = run;
  const key = keyEnv === null ? null : (given.variable(keyEnv) ?? '');
  if (key === '') return needKey(keyEnv ?? '');
  const endpoint = conformEndpoint({ api, url, model, key });
  if (!endpoint.ok) return endpoint;
  const lock = await lockRun(folder);
  if (!lock.ok) return lock;
  await using _ = lock.value;
  const { sealed } = run.suite;
  const committed = { ...loaded, ...(sealed && { commitments: sealed.commitments }) };
  const jobs = await jobsOf(committed, run.samples, run.limits);
  if (!jobs.ok) return jobs;
  if (run.prices === null && jobs.value.some(({ limits }) => limits.cost !== undefined)) {
    return needPrices();
  }
  const place = path.join(folder, logName(run));
  const log = await LogFile.open(place, startOf(run));
  if (!log.ok) return log;
  try {
    await given.onReady?.(run);
    const { config, maxOutputTokens, prices, workers } = run;
    const ran = await runSamples({
      jobs: jobs.value,
      workers,
      folder,
      log: log.value,
      agent: agentOf(run, given),
      around: {
        endpoint: endpoint.value,
        config,
        maxOutputTokens,
        patience,
        stallMs: 300_000,
        prices,
        bill: billFor(run.runLimits),
        worlds: given.worlds,
        blobs: await openBlobs(path.join(folder, 'blobs')),
        clock: given.clock,
        onProgress: countingProgress(given.onProgress, jobs.value.length),
        access: given.access === undefined ? null : new Access(given.access),
        signal: given.signal,
      },
    });
    if (!ran.ok) return ran;
    const completedAt = given.clock.now().toISOString();
    const times = { startedAt: run.created, completedAt };
    const finished = await log.value.finish(ran.value, times);
    return finished.ok ? ok(doneOf(place, ran.value)) : finished;
  } catch (error) {
    if (error instanceof NoWorld) return { ok: false, refusal: error.refusal };
    throw error;
  } finally {
    await log.value.close();
  }
}

/** Tells of the whole run at each word of a sample. */
function countingProgress(tell: RunGiven['onProgress'], total: number) {
  const turnsOf = new Map<string, number>();
  let [done, turns] = [0, 0];
  return ({ turn, ...progress }: SampleProgress) => {
    if (progress.what === 'written') done += 1;
    turns += turn - (turnsOf.get(progress.sample) ?? 0);
    turnsOf.set(progress.sample, turn);
    tell({ ...progress, done, total, turns });
  };
}

function agentOf({ agent, keyEnv }: RunFile, { environment }: RunGiven): OwnAgent | null {
  const [program, ...args] = agent ?? [];
  if (program === undefined) return null;
  const env = Object.entries(environment).filter(([name]) => name !== keyEnv);
  return { argv: [program, ...args], env: Object.fromEntries(env) };
}

function doneOf(log: string, samples: readonly LoggedSample['sample'][]): RunDone {
  const { end } = endOf(samples, { startedAt: '', completedAt: '' });
  const [score] = end.results?.scores ?? [];
  const figure = (name: string) => {
    const value = score?.metrics[name]?.value ?? Number.NaN;
    return Number.isNaN(value) ? null : value;
  };
  const isLeaking = ({ metadata = {} }: LoggedSample['sample']) =>
    Object.entries(Object(metadata)).some(
      ([name, value]) => name === 'contamination' && value === 'suspected',
    );
  return {
    log,
    samples: samples.length,
    unscored: samples.filter(({ scores }) => scores === undefined).length,
    unresponsive: samples.filter(({ error }) => isUnresponsive(error)).length,
    leaking: samples.filter(isLeaking).length,
    accuracy: figure('accuracy'),
    stderr: figure('stderr'),
  };
}

/** The error of a sample begins with the code of its end. */
function isUnresponsive(error: unknown): boolean {
  return Object.entries(Object(error)).some(
    ([name, value]) => name === 'message' && String(value).startsWith('world-unresponsive: '),
  );
}

/** The head of the log. No address of the suite, no name of a key's variable. */
function startOf(run: RunFile): LogStart {
  const { limits, suite, epochs } = run;
  return {
    eval: {
      eval_id: run.eval,
      run_id: run.run,
      created: run.created,
      task: suite.name,
      task_id: run.task,
      task_version: suite.version,
      task_attribs: {},
      task_args: {},
      task_args_passed: {},
      dataset: {
        name: suite.name,
        samples: new Set(run.samples.map(({ id }) => id)).size,
        sample_ids: [...new Set(run.samples.map(({ id }) => id))],
        shuffled: false,
      },
      model: `${run.api}/${run.model}`,
      model_base_url: run.endpoint,
      model_generate_config: { ...run.config, max_tokens: run.maxOutputTokens },
      model_args: {},
      config: {
        epochs,
        epochs_reducer: ['mean'],
        max_samples: run.workers,
        ...(limits.messages !== undefined && { message_limit: limits.messages }),
        ...(limits.tokens !== undefined && { token_limit: limits.tokens }),
        ...(limits.turns !== undefined && { turn_limit: limits.turns }),
        ...(limits.seconds !== undefined && { time_limit: limits.seconds }),
        ...(limits.workingSeconds !== undefined && { working_limit: limits.workingSeconds }),
        ...(limits.cost !== undefined && { cost_limit: limits.cost.micros / 1_000_000 }),
      },
      packages: { breakwater: '0.1.0' },
      metadata: {
        suite_digest: suite.digest,
        agent: run.agent === null ? 'ours' : 'own',
        ...(Object.keys(limits).length === 0 && { breakwater_budget: 'as each task states' }),
        ...(suite.sealed && { suite_root: suite.sealed.root }),
      },
      scorers: [
        {
          name: 'breakwater',
          options: {},
          metrics: [
            { name: 'inspect_ai/accuracy', options: {} },
            { name: 'inspect_ai/stderr', options: {} },
          ],
          metadata: {},
        },
      ],
    },
    plan: {
      name: 'plan',
      steps: [{ solver: run.agent === null ? 'breakwater' : 'bridge', params: {} }],
      config: {},
    },
  };
}

function needKey(name: string) {
  return refuse({
    code: 'key-missing',
    expected: `a key in the variable ${name}`,
    got: 'nothing',
    todo: `set ${name} and try again`,
  });
}

function needPrices() {
  return refuse({
    code: 'prices-missing',
    expected: 'what a token costs, because cost is limited',
    got: 'no prices',
    todo: 'state the prices of input and output, or set no limit of cost',
  });
}
