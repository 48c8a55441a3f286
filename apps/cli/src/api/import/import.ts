import { setTimeout as delay } from 'node:timers/promises';
import { collect, ProblemError } from '@breakwater/contract';
import { type CsvColumn, columnNames, writeCsv } from '@breakwater/formats/csv-findings';
import { type Refusal, tlpLabels } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, readInput, writeNew } from '../../files.ts';
import { optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import { bar, type Terminal } from '../../terminal.ts';
import { answered, refusalOf, ServerOptions, sessionFor } from '../session.ts';
import type { Draft } from './draft.ts';
import { type ImportJournal, keyOfBody, openJournal } from './journal.ts';
import { type ImportRow, importFormats, type ReadFile, readFindings } from './read.ts';

const Options = ServerOptions.extend({
  format: z.enum(importFormats).optional(),
  column: z.array(z.string()).default([]),
  package: z.string().startsWith('pkg:', 'a package URL, such as pkg:npm/flat').optional(),
  packageType: z
    .string()
    .regex(/^[a-z][a-z0-9.+-]{1,30}$/, 'a type such as npm or deb')
    .optional(),
  version: z.string().optional(),
  recipe: z.string().optional(),
  marking: z.enum(tlpLabels).optional(),
  report: z.string().optional(),
  send: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/** What became of one row that was handed in. */
type Handed =
  | { readonly kind: 'sent' | 'sent-before'; readonly finding: string; readonly standing: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

interface Outcome {
  readonly row: ImportRow;
  readonly handed: Handed | null;
}

/**
 * `import`: says what a file of other people's findings holds, and with `--send` hands it in. Bad
 * (1) where a row was not understood or refused; what could be handed in was.
 */
export async function runImport(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const bytes = await readInput(argument(given, 0), fileLimits.text, context.stdin);
  const read = need(
    readFindings(bytes, {
      format: options.format,
      columns: columnsOf(options.column),
      given: options,
    }),
  );
  const journal = await journalFor(options, context);
  const outcomes = options.send
    ? await sendAll(read, { journal, given, context })
    : read.rows.map((row) => ({ row, handed: beforeOf(row, journal) }));
  const whole = { read, outcomes, options };
  if (options.report !== undefined) await writeNew(options.report, reportOf(outcomes));
  if (options.json) context.terminal.json(documentOf(whole));
  else print(whole, context.terminal);
  const failed = outcomes.some(
    ({ row, handed }) => row.outcome.kind === 'not-understood' || handed?.kind === 'refused',
  );
  return failed ? exitCodes.bad : exitCodes.good;
}

function columnsOf(given: readonly string[]): Partial<Record<CsvColumn, string>> {
  const columns: Partial<Record<CsvColumn, string>> = {};
  for (const text of given) {
    const [name, ...header] = text.split('=');
    const column = columnNames.find((each) => each === name);
    if (column === undefined || header.length === 0) {
      throw new Stop({
        code: 'option-malformed',
        expected: `--column <column>=<header>, the column one of ${columnNames.join(', ')}`,
        got: text,
        todo: 'such as --column title="Issue name"',
      });
    }
    columns[column] = header.join('=');
  }
  return columns;
}

/** Without an API key nothing was ever handed in, and nothing will be. */
async function journalFor(options: Options, { environment }: Context): Promise<ImportJournal> {
  const apiKey = options.key ?? environment.key;
  if (apiKey === undefined && options.send) {
    throw new Stop({
      code: 'key-missing',
      expected: 'an API key of a finder, owner or coordinator',
      got: 'none',
      todo: 'set BREAKWATER_KEY; without --send the file is read and nothing is sent',
    });
  }
  const server = options.server ?? environment.server ?? '';
  return await openJournal(environment.localDirectory, { server, apiKey: apiKey ?? '' });
}

function beforeOf(row: ImportRow, journal: ImportJournal): Handed | null {
  if (row.outcome.kind !== 'understood') return null;
  const sent = journal.sent.get(keyOfBody(row.outcome.draft.body));
  if (sent === undefined) return null;
  return { kind: 'sent-before', finding: sent.finding, standing: sent.standing };
}

interface Sending {
  readonly journal: ImportJournal;
  readonly given: Given;
  readonly context: Context;
}

/** At once; the server writes each text of a finding to its disk before it answers. */
const atOnce = 4;

async function sendAll(read: ReadFile, sending: Sending): Promise<readonly Outcome[]> {
  const { terminal, signal } = sending.context;
  const outcomes: Outcome[] = read.rows.map((row) => ({ row, handed: null }));
  const waiting = [...read.rows.entries()];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      signal.throwIfAborted();
      const [index, row] = next;
      if (row.outcome.kind === 'understood') {
        const handed = await handIn(row.outcome.draft, sending);
        outcomes[index] = { row, handed };
      }
      done += 1;
      terminal.progress(`handing in ${bar(done, read.rows.length)}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } catch (error) {
    waiting.length = 0;
    const sent = outcomes.filter(({ handed }) => handed !== null && handed.kind !== 'refused');
    terminal.say(`${sent.length} rows are handed in; run the same command again for the others`);
    throw error;
  }
  return outcomes;
}

const triesMax = 6;
/** Problems of one row; any other is one of all rows, and ends the command. */
const ofThisRow = new Set([400, 404, 409, 413, 422]);

async function handIn({ body }: Draft, { journal, given, context }: Sending): Promise<Handed> {
  const idempotencyKey = keyOfBody(body);
  const before = journal.sent.get(idempotencyKey);
  if (before !== undefined) {
    return { kind: 'sent-before', finding: before.finding, standing: before.standing };
  }
  const client = sessionFor(withoutKey(given), context);
  for (let tries = 1; ; tries++) {
    try {
      const { finding, standing } = await client.call(collect.submit, { body, idempotencyKey });
      await journal.note({ key: idempotencyKey, finding, standing });
      return { kind: 'sent', finding, standing };
    } catch (error) {
      if (!(error instanceof ProblemError)) return await answered(Promise.reject(error));
      const { status } = error.problem;
      if (ofThisRow.has(status)) return { kind: 'refused', refusal: refusalOf(error.problem) };
      // Too fast for the server, or it is busy: later, with the same key.
      if (![429, 503].includes(status) || tries === triesMax)
        throw new Stop(refusalOf(error.problem));
      await delay(500 * 2 ** tries, undefined, { signal: context.signal });
    }
  }
}

/** Each row has a key of its own; one for all would carry out the first alone. */
function withoutKey({ args, options }: Given): Given {
  const { idempotencyKey: _, ...rest } = options;
  return { args, options: rest };
}

interface Whole {
  readonly read: ReadFile;
  readonly outcomes: readonly Outcome[];
  readonly options: Options;
}

function countsOf(outcomes: readonly Outcome[]) {
  const of = (kind: ImportRow['outcome']['kind']) =>
    outcomes.filter(({ row }) => row.outcome.kind === kind).length;
  const handed = (kind: Handed['kind']) => outcomes.filter((o) => o.handed?.kind === kind).length;
  const understood = of('understood');
  return {
    rows: outcomes.length,
    understood,
    leftOut: of('left-out'),
    notUnderstood: of('not-understood'),
    sent: handed('sent'),
    sentBefore: handed('sent-before'),
    refused: handed('refused'),
    wouldSend: understood - handed('sent') - handed('sent-before') - handed('refused'),
  };
}

function documentOf({ read, outcomes, options }: Whole) {
  return {
    format: read.format,
    dryRun: !options.send,
    columns: read.columns,
    counts: countsOf(outcomes),
    rows: outcomes.map(({ row: { where, outcome }, handed }) => ({
      where,
      ...(outcome.kind === 'understood'
        ? { outcome: outcome.kind, finding: outcome.draft.body, notes: outcome.draft.notes }
        : { ...outcome, outcome: outcome.kind, kind: undefined }),
      ...(handed === null ? {} : { handed }),
    })),
  };
}

const names = { defectdojo: 'DefectDojo findings', github: 'GitHub advisories', csv: 'CSV' };
const shownMax = 20;

function print({ read, outcomes, options }: Whole, terminal: Terminal): void {
  const counts = countsOf(outcomes);
  terminal.line(`read            ${counts.rows} rows of ${names[read.format]}`);
  for (const { header, column } of read.columns) {
    terminal.line(
      `  column        ${JSON.stringify(header)} ${column === null ? 'is left out' : `is the ${column}`}`,
    );
  }
  terminal.line(`understood      ${counts.understood}`);
  printSome(
    outcomes.filter(({ row }) => row.outcome.kind === 'understood').flatMap(linesOf),
    terminal,
  );
  printGroup('left out', outcomes, { kind: 'left-out', terminal });
  printGroup('not understood', outcomes, { kind: 'not-understood', terminal });
  if (options.send) {
    const before = counts.sentBefore === 0 ? '' : `, ${counts.sentBefore} had been before`;
    terminal.line(`handed in       ${counts.sent}${before}`);
    if (counts.refused > 0) terminal.line(`refused         ${counts.refused} by the server`);
  } else {
    const before = counts.sentBefore === 0 ? '' : `; ${counts.sentBefore} are there already`;
    terminal.line(`would hand in   ${counts.wouldSend}${before}`);
    if (counts.wouldSend > 0) terminal.say('nothing was sent: add --send to hand them in');
  }
}

function printGroup(
  title: string,
  outcomes: readonly Outcome[],
  { kind, terminal }: { kind: ImportRow['outcome']['kind']; terminal: Terminal },
): void {
  const some = outcomes.filter(({ row }) => row.outcome.kind === kind);
  if (some.length === 0) return;
  terminal.line(`${title.padEnd(15)} ${some.length}`);
  printSome(some.flatMap(linesOf), terminal);
}

function printSome(lines: readonly string[], terminal: Terminal): void {
  for (const line of lines.slice(0, shownMax)) terminal.line(`  ${line}`);
  if (lines.length > shownMax) {
    terminal.line(`  … ${lines.length - shownMax} more; --json or --report <file> has all`);
  }
}

function linesOf({ row: { where, outcome }, handed }: Outcome): readonly string[] {
  const [state, detail] = stateOf({ row: { where, outcome }, handed });
  return [`${where.padEnd(13)} ${state}${detail === '' ? '' : `: ${detail}`}`];
}

/** A row in two cells: what became of it, and what there is to say about that. */
function stateOf({ row: { outcome }, handed }: Outcome): readonly [string, string] {
  if (handed?.kind === 'refused') {
    const { expected, got, todo } = handed.refusal;
    return ['refused', `expected ${expected}, got ${got}; ${todo}`];
  }
  switch (outcome.kind) {
    case 'understood': {
      const { body, notes } = outcome.draft;
      const what = [`${body.package} ${body.version}, ${body.title}`, ...notes].join('; ');
      if (handed === null) return ['new', what];
      return [
        handed.kind === 'sent' ? handed.standing : 'there already',
        `${handed.finding} ${what}`,
      ];
    }
    case 'left-out':
      return ['left out', outcome.why];
    case 'not-understood': {
      const { expected, got, todo } = outcome.refusal;
      return ['not understood', `expected ${expected}, got ${got}; ${todo}`];
    }
  }
}

function reportOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((each) => [each.row.where, ...stateOf(each)]);
  return writeCsv([['where', 'state', 'detail'], ...rows]);
}
