import type { Dirent } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  csvRun,
  type HumanTime,
  jsonRun,
  type LogRuns,
  runsHead,
  runsOfLog,
} from '@breakwater/benchmark/report';
import { openEvalLog } from '@breakwater/formats/eval-log';
import type { Refusal } from '@breakwater/kernel';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { notWritten, reasonOf } from '../../files.ts';
import { Json, optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { humanTimesOf } from './human-times.ts';
import { openLogFile } from './platform.ts';

const Options = z.object({
  ...Json,
  to: z.string(),
  scorer: z.string().optional(),
  humanTimes: z.string().optional(),
});

/** Logs that one call takes, and how deep folders are gone into. */
const logsMax = 100_000;
const depthMax = 16;

interface Imported {
  logs: number;
  runs: number;
  readonly samplesSkipped: Record<string, number>;
  readonly scorers: Record<string, number>;
  readonly unread: { readonly file: string; readonly code: string; readonly why: string }[];
}

/** `benchmark import`: the runs of logs of Inspect as one table, which `fit` and `report` read. */
export async function runBenchmarkImport(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { to, scorer } = options;
  const form = to.endsWith('.jsonl') ? 'jsonl' : 'csv';
  const humanTimes = await humanTimesOf(options.humanTimes, context);
  const done: Imported = { logs: 0, runs: 0, samplesSkipped: {}, scorers: {}, unread: [] };
  const evaluations = new Set<string>();
  await using table = await openTable(to);
  if (form === 'csv') await table.add(runsHead);
  for await (const file of logFiles(given.args)) {
    context.signal.throwIfAborted();
    context.terminal.progress(`${done.logs + done.unread.length + 1} logs  ${file}`);
    const read = await readLog(file, {
      humanTimes,
      ...(scorer !== undefined && { scorer }),
    });
    if (!('runs' in read)) {
      done.unread.push({ file, code: read.code, why: `${read.expected}; got ${read.got}` });
      continue;
    }
    if (read.evaluation !== null && evaluations.has(read.evaluation)) {
      const why = 'another file of the same evaluation was read before';
      done.unread.push({ file, code: 'same-evaluation', why });
      continue;
    }
    if (read.evaluation !== null) evaluations.add(read.evaluation);
    count(done, read);
    const line = form === 'csv' ? csvRun : jsonRun;
    await table.add(read.runs.map(line).join(''));
  }
  if (done.runs === 0) throw new Stop(nothingRead(done));
  await table.keep();
  if (options.json) context.terminal.json({ to, form, ...done });
  else show(done, to, context.terminal);
  return exitCodes.good;
}

interface ReadOptions {
  readonly scorer?: string;
  readonly humanTimes: ReadonlyMap<string, HumanTime>;
}

type Read = LogRuns & { readonly evaluation: string | null };

async function readLog(file: string, options: ReadOptions): Promise<Read | Refusal> {
  try {
    await using opened = await openLogFile(file);
    const log = await openEvalLog(opened.source, opened.codecs);
    if (!log.ok) return log.refusal;
    const read = await runsOfLog(log.value, options);
    if (!read.ok) return read.refusal;
    const { eval_id: id, task_id: ofTask } = log.value.header.eval;
    return { ...read.value, evaluation: id ?? ofTask ?? null };
  } catch (error) {
    if (error instanceof Stop) return error.refusal;
    throw error;
  }
}

function count(done: Imported, { runs, skipped, scorer }: LogRuns): void {
  done.logs += 1;
  done.runs += runs.length;
  for (const [why, samples] of Object.entries(skipped)) {
    done.samplesSkipped[why] = (done.samplesSkipped[why] ?? 0) + samples;
  }
  const name = scorer ?? 'none';
  done.scorers[name] = (done.scorers[name] ?? 0) + 1;
}

/** The files given, and every log in the folders given, by name. Links are not followed. */
async function* logFiles(places: readonly string[]): AsyncGenerator<string> {
  let files = 0;
  for (const place of places) {
    for await (const file of logsIn(place, 0)) {
      files += 1;
      if (files > logsMax) throw new Stop(tooMany);
      yield file;
    }
  }
}

async function* logsIn(place: string, depth: number): AsyncGenerator<string> {
  let entries: Dirent[];
  try {
    if (!(await stat(place)).isDirectory()) {
      yield place;
      return;
    }
    entries = await readdir(place, { withFileTypes: true });
  } catch (error) {
    throw new Stop(unreadable(place, error));
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = path.join(place, entry.name);
    if (entry.isDirectory() && depth < depthMax) yield* logsIn(inside, depth + 1);
    if (entry.isFile() && /\.eval$/i.test(entry.name)) yield inside;
  }
}

/** A table that is there once it is kept; before that, and after a failure, nothing is. */
async function openTable(to: string) {
  const handle = await open(to, 'wx', 0o644).catch((error: unknown) => {
    throw notWritten(to, error);
  });
  let isKept = false;
  return {
    add: async (text: string) => void (await handle.write(text)),
    keep: async () => {
      await handle.sync();
      isKept = true;
    },
    [Symbol.asyncDispose]: async () => {
      await handle.close();
      if (!isKept) await rm(to, { force: true });
    },
  };
}

function show(done: Imported, to: string, terminal: Terminal): void {
  terminal.line(`table    ${to}`);
  terminal.line(`runs     ${done.runs}, of ${done.logs} logs`);
  for (const [name, logs] of Object.entries(done.scorers)) {
    terminal.line(`scorer   ${name}: ${logs} logs`);
  }
  for (const [why, samples] of Object.entries(done.samplesSkipped)) {
    terminal.line(`skipped  ${samples} samples: ${skippedWords[why] ?? why}`);
  }
  for (const { file, why } of done.unread) terminal.line(`not read ${file}: ${why}`);
}

const skippedWords: Readonly<Record<string, string>> = {
  'ended-with-error': 'ended with an error and have no score',
  'score-missing': 'have no score of this scorer',
  'not-a-number': 'have a score of several members',
  'out-of-range': 'have a score below 0 or above 1',
};

function nothingRead({ unread, samplesSkipped }: Imported): Refusal {
  const first = unread[0];
  const samples = Object.values(samplesSkipped).reduce((sum, each) => sum + each, 0);
  const skipped = samples === 0 ? '' : `, ${samples} samples without such a score`;
  return {
    code: 'no-runs',
    expected: 'a log of Inspect with scores from 0 to 1',
    got: first === undefined ? `none${skipped}` : `${first.file}: ${first.why}${skipped}`,
    todo: 'name .eval or .json logs, or folders with .eval logs; see --scorer',
  };
}

const tooMany: Refusal = {
  code: 'too-many-logs',
  expected: `at most ${logsMax} logs`,
  got: 'more',
  todo: 'import folder by folder',
};

function unreadable(place: string, error: unknown): Refusal {
  return {
    code: 'file-unreadable',
    expected: 'a log of Inspect, or a folder with logs',
    got: `${place}: ${reasonOf(error)}`,
    todo: 'check the path and who may read it',
  };
}
