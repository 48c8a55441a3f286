import { setTimeout as delay } from 'node:timers/promises';
import { collect, ProblemError } from '@breakwater/contract';
import { type CsvColumn, columnNames } from '@breakwater/formats/csv-findings';
import { tlpLabels } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, openSource, type Source } from '../../files.ts';
import { optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import { bar, type Terminal } from '../../terminal.ts';
import { answered, refusalOf, ServerOptions, sessionFor } from '../session.ts';
import type { Draft } from './draft.ts';
import { type ImportJournal, keyOfBody, openJournal } from './journal.ts';
import { type ImportRow, importFormats, type ReadFile, readFindings } from './read.ts';
import { type Import, sendReport } from './send-report.ts';
import { type Handed, type Kind, type Outcome, Report, stateOf, Tally } from './tally.ts';

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
  dryRun: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/**
 * `import`: says what a file of other people's findings holds, and with `--send` hands it in. Bad
 * (1) where a row was not understood or refused; what could be handed in was.
 */
export async function runImport(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  if (options.send && options.dryRun) throw new Stop(both);
  const source = await openSource(argument(given, 0), fileLimits.text, context.stdin);
  const read = need(
    await readFindings(source, {
      format: options.format,
      columns: columnsOf(options.column),
      given: options,
    }),
  );
  const journal = await journalFor(options, context);
  const tally = new Tally(options.json ? documentRowsMax : shownMax);
  const report = options.report === undefined ? null : await Report.begin(options.report);
  try {
    await go(read, { source, options, tally, report, journal, given, context });
    await report?.end();
  } catch (error) {
    await report?.drop();
    throw error;
  }
  const whole = { read, tally, options };
  if (options.json) context.terminal.json(documentOf(whole));
  else print(whole, context.terminal);
  const { notUnderstood, refused } = tally.counts;
  return notUnderstood + refused > 0 ? exitCodes.bad : exitCodes.good;
}

const both = {
  code: 'options-contradict',
  expected: '--send or --dry-run',
  got: 'both',
  todo: 'leave --send out to send nothing, or --dry-run out to hand in',
};

/** Of each kind, in what `--json` prints; `--report` has all there are. */
const documentRowsMax = 100_000;
const shownMax = 20;

interface Going extends Sending {
  readonly source: Source;
  readonly options: Options;
  readonly tally: Tally;
  readonly report: Report | null;
}

/** Takes the rows some at a time, so that a file larger than memory goes through. */
async function go(read: ReadFile, { source, options, tally, report, ...sending }: Going) {
  const { terminal, signal } = sending.context;
  const ask: Import = async (body, idempotencyKey) => {
    const client = sessionFor(withoutKey(sending.given), sending.context);
    return await patiently(sending, () => client.call(collect.import, { body, idempotencyKey }));
  };
  const all = !options.send
    ? lookAt(read, sending.journal)
    : read.format === 'sarif'
      ? sendReport({ read, source, given: options, ask })
      : sendRows(read, sending);
  try {
    for await (const outcomes of all) {
      signal.throwIfAborted();
      for (const outcome of outcomes) tally.add(outcome);
      await report?.add(outcomes);
      const what = options.send ? 'handing in' : 'reading';
      terminal.progress(`${what} ${bar(tally.counts.rows, read.total)}`);
    }
  } catch (error) {
    const { sent, sentBefore } = tally.counts;
    const count = `at least ${sent + sentBefore} rows are handed in`;
    if (options.send) terminal.say(`${count}; run the same command again for the others`);
    throw error;
  }
}

async function* lookAt(read: ReadFile, journal: ImportJournal) {
  for await (const rows of read.rows) {
    yield rows.map((row): Outcome => ({ row, handed: beforeOf(row, journal) }));
  }
}

/** At once; the server writes each text of a finding to its disk before it answers. */
const atOnce = 4;
const rowsTogether = 16;

/** Hands in each row by itself. */
async function* sendRows(read: ReadFile, sending: Sending) {
  for await (const rows of read.rows) {
    for (let at = 0; at < rows.length; at += rowsTogether) {
      yield await sendSome(rows.slice(at, at + rowsTogether), sending);
    }
  }
}

/** What `--column` says of a CSV's headers. */
export function columnsOf(given: readonly string[]): Partial<Record<CsvColumn, string>> {
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
  if (row.outcome.kind !== 'understood' || journal.sent.size === 0) return null;
  const sent = journal.sent.get(keyOfBody(row.outcome.draft.body));
  if (sent === undefined) return null;
  return { kind: 'sent-before', finding: sent.finding, standing: sent.standing };
}

interface Sending {
  readonly journal: ImportJournal;
  readonly given: Given;
  readonly context: Context;
}

async function sendSome(rows: readonly ImportRow[], sending: Sending): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = rows.map((row) => ({ row, handed: null }));
  const waiting = [...rows.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      sending.context.signal.throwIfAborted();
      const [index, row] = next;
      const { outcome } = row;
      const handed = outcome.kind === 'understood' ? await handIn(outcome.draft, sending) : null;
      outcomes[index] = { row, handed };
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } finally {
    waiting.length = 0;
  }
  return outcomes;
}

const triesMax = 6;
/** Problems of one row; any other is one of all rows, and ends the command. */
const ofThisRow = new Set([400, 404, 409, 413, 422]);

async function handIn({ body }: Draft, sending: Sending): Promise<Handed> {
  const { journal, given, context } = sending;
  const idempotencyKey = keyOfBody(body);
  const before = journal.sent.get(idempotencyKey);
  if (before !== undefined) {
    return { kind: 'sent-before', finding: before.finding, standing: before.standing };
  }
  const client = sessionFor(withoutKey(given), context);
  const submit = async (): Promise<Handed> => {
    try {
      const { finding, standing } = await client.call(collect.submit, { body, idempotencyKey });
      await journal.note({ key: idempotencyKey, finding, standing });
      return { kind: 'sent', finding, standing };
    } catch (error) {
      if (!(error instanceof ProblemError) || !ofThisRow.has(error.problem.status)) throw error;
      return { kind: 'refused', refusal: refusalOf(error.problem) };
    }
  };
  return await patiently(sending, submit);
}

/** Asks again, with the same key, a server that is busy or finds us too fast. */
async function patiently<T>({ context }: Sending, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof ProblemError && [429, 503].includes(error.problem.status);
      if (!isBusy || tries === triesMax) return await answered(Promise.reject(error));
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
  readonly tally: Tally;
  readonly options: Options;
}

function documentOf({ read, tally, options }: Whole) {
  return {
    format: read.format,
    dryRun: !options.send,
    columns: read.columns,
    notes: read.notes,
    counts: tally.counts,
    rowsLeft: tally.counts.rows - tally.kept.length,
    rows: tally.kept.map(({ row: { where, outcome }, handed }) => ({
      where,
      ...(outcome.kind === 'understood'
        ? { outcome: outcome.kind, finding: outcome.draft.body, notes: outcome.draft.notes }
        : { ...outcome, outcome: outcome.kind, kind: undefined }),
      ...(handed === null ? {} : { handed }),
    })),
  };
}

const names = {
  sarif: 'SARIF results',
  csaf: 'a CSAF document',
  cve: 'a CVE record',
  osv: 'an OSV record',
  defectdojo: 'DefectDojo findings',
  github: 'GitHub advisories',
  csv: 'CSV',
};

function print({ read, tally, options }: Whole, terminal: Terminal): void {
  const { counts } = tally;
  terminal.line(`read            ${counts.rows} rows of ${names[read.format]}`);
  for (const note of read.notes) terminal.line(`  note          ${note}`);
  for (const { header, column } of read.columns) {
    terminal.line(
      `  column        ${JSON.stringify(header)} ${column === null ? 'is left out' : `is the ${column}`}`,
    );
  }
  terminal.line(`understood      ${counts.understood}`);
  printSome('understood', counts.understood, { tally, terminal });
  if (counts.leftOut > 0) {
    terminal.line(`left out        ${counts.leftOut}`);
    printSome('left-out', counts.leftOut, { tally, terminal });
  }
  if (counts.notUnderstood > 0) {
    terminal.line(`not understood  ${counts.notUnderstood}`);
    printSome('not-understood', counts.notUnderstood, { tally, terminal });
  }
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

function printSome(
  kind: Kind,
  count: number,
  { tally, terminal }: { readonly tally: Tally; readonly terminal: Terminal },
): void {
  const kept = tally.kept.filter(({ row }) => row.outcome.kind === kind);
  for (const outcome of kept) {
    const [state, detail] = stateOf(outcome);
    terminal.line(
      `  ${outcome.row.where.padEnd(13)} ${state}${detail === '' ? '' : `: ${detail}`}`,
    );
  }
  if (count > kept.length) {
    terminal.line(`  … ${count - kept.length} more; --report <file> has all`);
  }
}
