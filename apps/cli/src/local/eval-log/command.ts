import {
  checkMetrics,
  type EvalLog,
  evalLogLimits,
  type LogEvent,
  type LogItem,
  type MetricCheck,
  openEvalLog,
  recordsOf,
  type SampleSummary,
} from '@breakwater/formats/eval-log';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { Json, optionsOf, wholeNumber } from '../../options.ts';
import { need } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { openLogFile } from './platform.ts';

const Options = z.object({
  ...Json,
  sample: z.string().max(evalLogLimits.nameBytesMax).optional(),
  epoch: wholeNumber(0, 1_000_000).default(1),
  from: wholeNumber(0, evalLogLimits.itemsMax).default(0),
  limit: wholeNumber(1, evalLogLimits.pageItemsMax).default(50),
});
type Options = z.infer<typeof Options>;

/** `benchmark log`: what a log of Inspect says, and whether its figures follow from its samples. */
export async function runBenchmarkLog(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  await using file = await openLogFile(argument(given, 0));
  const log = need(await openEvalLog(file.source, file.codecs));
  if (options.sample !== undefined) await showSample(log, options, context.terminal);
  else await showLog(log, options, context.terminal);
  return exitCodes.good;
}

async function showLog(log: EvalLog, options: Options, terminal: Terminal): Promise<void> {
  const { from, limit, json } = options;
  const samples = need(await log.summaries({ from, limit }));
  const figures = await figuresOf(log);
  const { status, isFinished, header } = log;
  if (json) {
    terminal.json({ status, isFinished, header, figures, samples });
    return;
  }
  const { task, model, created } = header.eval;
  terminal.line(`task     ${task}`);
  terminal.line(`model    ${model}`);
  terminal.line(`created  ${created}`);
  terminal.line(`status   ${status}${isFinished ? '' : ', without a header: running or cut off'}`);
  terminal.line(`samples  ${samples.total}`);
  for (const figure of figures) terminal.line(`figure   ${figureLine(figure)}`);
  for (const summary of samples.items) terminal.line(`  ${sampleLine(summary)}`);
  sayNext(samples.next, terminal);
}

/** Each figure of the header beside ours; all values of one scorer are held at a time. */
async function figuresOf(log: EvalLog): Promise<readonly MetricCheck[]> {
  const scores = log.header.results?.scores ?? [];
  const names = [...new Set(scores.map(({ scorer }) => scorer))];
  const figures: MetricCheck[] = [];
  for (const name of names) {
    const records = await recordsOfLog(log, name);
    for (const score of scores) {
      if (score.scorer === name) figures.push(...checkMetrics(score, records));
    }
  }
  return figures;
}

async function recordsOfLog(log: EvalLog, scorer: string) {
  const all = [];
  const summaries = log.eachSummary();
  for (;;) {
    const step = await summaries.next();
    if (step.done === true) {
      need(step.value);
      return all;
    }
    all.push(...recordsOf([step.value], scorer));
  }
}

const reasons: Readonly<Record<NonNullable<MetricCheck['reason']>, string>> = {
  'values-missing': 'the log has no values of samples',
  'metric-unknown': 'this metric is not computed here',
  'reducer-unknown': 'this reducer is not known here',
  'clusters-unknown': 'the clusters are not in the log',
};

function figureLine({ score, reducer, metric, told, computed, reason }: MetricCheck): string {
  const named = `${score}${reducer === null ? '' : ` (${reducer})`} ${metric} ${told}`;
  if (computed === null) {
    return `${named}, not computed again: ${reasons[reason ?? 'metric-unknown']}`;
  }
  const isSame = Object.is(computed, told) || Math.abs(computed - told) < 1e-9;
  return `${named}, ${isSame ? 'and so it follows from the samples' : `but ${computed} follows`}`;
}

function sampleLine({ id, epoch, scores, error }: SampleSummary): string {
  const values = Object.entries(scores ?? {}).map(
    ([name, { value }]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  const failed = error === undefined || error === null ? [] : ['ended with an error'];
  return `${id} epoch ${epoch}  ${[...values, ...failed].join(', ')}`;
}

async function showSample(log: EvalLog, options: Options, terminal: Terminal): Promise<void> {
  const { sample: id = '', epoch, from, limit, json } = options;
  const sample = need(await log.sample({ id, epoch }));
  const events = need(await sample.events({ from, limit }));
  if (json) {
    terminal.json({ sample: sample.head, messages: sample.messageCount, events });
    return;
  }
  terminal.line(`sample   ${id} epoch ${epoch}`);
  terminal.line(`events   ${events.total}, messages ${sample.messageCount}`);
  for (const event of events.items) showEvent(event, terminal);
  sayNext(events.next, terminal);
}

const eventTextLines = 12;

function showEvent({ at, bytes, value }: LogItem<LogEvent>, terminal: Terminal): void {
  if (value === null) {
    terminal.line(`#${at}  too large to show: ${bytes} bytes`);
    return;
  }
  const { event, timestamp = '', name, function: called, action } = value;
  const what = [name, called, action].filter((each) => typeof each === 'string').join(' ');
  terminal.line(`#${at}  ${timestamp}  ${event} ${what}`.trimEnd());
  const text = textOf(value);
  if (text !== '') terminal.quote(text, eventTextLines);
}

const Completion = z.looseObject({ completion: z.string() });

/** What a person reads of an event: what a model answered, a tool gave, a score or an error says. */
function textOf(event: LogEvent): string {
  const output = Completion.safeParse(event['output']);
  if (output.success) return output.data.completion;
  for (const name of ['output', 'result', 'score', 'data', 'error']) {
    const value = event[name];
    if (value === undefined || value === null) continue;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
  return '';
}

function sayNext(next: number | null, terminal: Terminal): void {
  if (next !== null) terminal.say(`there is more: --from ${next}`);
}
