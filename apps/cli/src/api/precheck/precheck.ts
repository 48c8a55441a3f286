import type { PrecheckEpoch } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, openSource } from '../../files.ts';
import { type Keys, keysFor, openLog } from '../../local/log-source.ts';
import { optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { columnsOf } from '../import/import.ts';
import { importFormats } from '../import/read.ts';
import { addressOf, ServerOptions, sessionFor } from '../session.ts';
import { type Asked, askAll, epochToAsk, nameOf } from './ask-all.ts';
import { type Row, readRows } from './read.ts';

const Options = ServerOptions.extend({
  format: z.enum(importFormats).optional(),
  column: z.array(z.string()).default([]),
  package: z.string().startsWith('pkg:', 'a package URL, such as pkg:npm/flat').optional(),
  packageType: z
    .string()
    .regex(/^[a-z][a-z0-9.+-]{1,30}$/, 'a type such as npm or deb')
    .optional(),
  logKey: z.string().optional(),
  dryRun: z.boolean().default(false),
});

/**
 * `precheck`: asks whether the findings of a file are known there, and shows nothing of them. Bad (1)
 * where one is known.
 */
export async function runPrecheck(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const source = await openSource(argument(given, 0), fileLimits.text, context.stdin);
  const rows = await readRows(source, {
    format: options.format,
    columns: columnsOf(options.column),
    given: options,
  });
  const keys = rows.flatMap((row) => row.keys);
  const { terminal } = context;
  if (options.dryRun || keys.length === 0) {
    const nothing = { handles: new Map(), requests: 0, stopped: null };
    const told = { rows: rows.map((row) => toldOf(row, nothing)), asked: nothing, epoch: null };
    if (options.json) terminal.json(documentOf(told));
    else print(told, terminal);
    return exitCodes.good;
  }
  const log = openLog(
    `${addressOf(options.server ?? context.environment.server)}/log`,
    context.signal,
  );
  const { vkeys, fromServer } = await logKeys(options.logKey, log);
  const client = sessionFor(given, context);
  const epoch = await epochToAsk(client, vkeys);
  const asked = await askAll(client, epoch, keys);
  const told = { rows: rows.map((row) => toldOf(row, asked)), asked, epoch };
  if (options.json) terminal.json({ ...documentOf(told), logKeyFromServer: fromServer });
  else print(told, terminal);
  if (fromServer) terminal.say(trustOnFirstUse(vkeys.at(-1) ?? ''));
  return told.rows.some((row) => row.answer === 'known') ? exitCodes.bad : exitCodes.good;
}

async function logKeys(...given: Parameters<typeof keysFor>): Promise<Keys> {
  try {
    return await keysFor(...given);
  } catch (error) {
    if (!(error instanceof Stop) || error.refusal.code !== 'key-missing') throw error;
    const todo = 'give it with --log-key; whoever runs the server publishes it';
    throw new Stop({ ...error.refusal, todo });
  }
}

interface ToldRow {
  readonly where: string;
  readonly answer: 'known' | 'unknown' | 'not-checkable' | 'not-asked';
  readonly why: string | null;
  readonly keys: readonly {
    readonly granularity: string;
    readonly text: string;
    readonly handle: string | null;
  }[];
}

interface Told {
  readonly rows: readonly ToldRow[];
  readonly asked: Asked;
  readonly epoch: PrecheckEpoch | null;
}

function toldOf({ where, keys, why }: Row, { handles, stopped }: Asked): ToldRow {
  const told = keys.map((key) => {
    const { granularity, text } = key;
    return { granularity, text, handle: handles.get(nameOf(key)) ?? null };
  });
  const known = told.some((key) => key.handle !== null);
  const all = keys.every((key) => handles.has(nameOf(key)));
  if (why !== null) return { where, answer: 'not-checkable', why, keys: told };
  if (known) return { where, answer: 'known', why, keys: told };
  if (all) return { where, answer: 'unknown', why, keys: told };
  return { where, answer: 'not-asked', why: stopped?.todo ?? 'nothing was sent', keys: told };
}

function documentOf({ rows, asked, epoch }: Told) {
  return {
    rows,
    epoch,
    requests: asked.requests,
    stopped: asked.stopped,
    told: epoch === null ? [] : toldThere(epoch, asked),
  };
}

const words = {
  known: 'known',
  unknown: 'not known',
  'not-checkable': 'not checkable',
  'not-asked': 'not asked',
} as const;

function print(told: Told, terminal: Terminal): void {
  for (const { where, answer, why, keys } of told.rows) {
    terminal.line(`${words[answer].padEnd(14)} ${where}${why === null ? '' : `: ${why}`}`);
    for (const { granularity, text, handle } of keys) {
      terminal.line(`  ${granularity.padEnd(12)} ${text}`);
      if (handle !== null) terminal.line(`  handle       ${handle}`);
    }
  }
  const { epoch, asked } = told;
  if (epoch === null) {
    terminal.say('nothing was sent');
    return;
  }
  terminal.line(`key            ${epoch.epoch}, which the log commits to, until ${epoch.until}`);
  for (const line of toldThere(epoch, asked)) terminal.line(`told           ${line}`);
  terminal.line('not told       the file, its findings, and the texts above: they stayed here');
  if (told.rows.some((row) => row.answer === 'known')) {
    terminal.say('to talk to whoever has it: breakwater deconflict knock --handle <handle>');
  }
}

/** What the server learned, no more and no less (docs/precheck.md). */
function toldThere(epoch: PrecheckEpoch, { requests }: Asked): readonly string[] {
  const { prefixBits, bucketsPerRequest } = epoch;
  const whole = bucketsPerRequest === 2 ** prefixBits;
  return [
    `the server: that you asked, in ${requests} requests; the limits count 8 elements for each`,
    whole
      ? 'the server: nothing of what was asked, since every request asks for all there is'
      : `the server: ${bucketsPerRequest} bucket numbers of ${prefixBits} bits with each request, some by chance; with its secret key it can hold a guess against them`,
  ];
}

function trustOnFirstUse(vkey: string): string {
  return (
    'note: the key of the log came from the server itself. Keep it and give it with --log-key from ' +
    `now on, and compare it with others': ${vkey}`
  );
}
