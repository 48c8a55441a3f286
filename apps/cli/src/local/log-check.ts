import { existsSync } from 'node:fs';
import {
  type CheckReport,
  checkEntry,
  checkLog,
  type Disclosure,
  disclosureBytesMax,
  type FetchFile,
  parseDisclosure,
} from '@breakwater/log';
import { z } from 'zod';
import type { Context, Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readRegular, replaceFile } from '../files.ts';
import { Json, optionsOf } from '../options.ts';
import { need, Stop } from '../stop.ts';
import { bar, type Terminal } from '../terminal.ts';
import { type Keys, keysFor, openLog } from './log-source.ts';

const Options = z.object({
  ...Json,
  key: z.string().optional(),
  since: z.string().optional(),
  save: z.string().optional(),
  entry: z.string().optional(),
});
type Options = z.infer<typeof Options>;

interface Answer {
  readonly checked: 'log' | 'entry' | 'entry and log';
  readonly keys: Keys;
  readonly report: CheckReport;
  readonly disclosure: Disclosure | null;
  /** Size of the saved checkpoint that a step was checked from. */
  readonly step: boolean;
}

/** `log check`: good where everything holds, bad (1) with each fault named where not. */
export async function runLogCheck(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const [log] = given.args;
  if (log === undefined && options.entry === undefined) throw new Stop(nothingToCheck);
  if (log === undefined && options.save !== undefined) throw new Stop(nothingToCheck);
  if (options.save !== undefined && options.since === undefined && existsSync(options.save)) {
    throw new Stop(savedBefore(options.save));
  }
  const source = log === undefined ? null : remembering(openLog(log, context.signal));
  const keys = await keysFor(options.key, source?.fetchFile ?? null);
  const answer = await check(options, { source, keys }, context);
  if (options.json) context.terminal.json(documentOf(answer));
  else print(answer, context.terminal);
  if (keys.fromServer) context.terminal.say(trustOnFirstUse(keys));
  if (!answer.report.holds) return exitCodes.bad;
  const checkpoint = source?.checkpoint() ?? null;
  if (options.save !== undefined && checkpoint !== null) {
    await replaceFile(options.save, checkpoint);
    context.terminal.say(`checkpoint saved to ${options.save}; next time give it with --since`);
  }
  return exitCodes.good;
}

interface Source {
  readonly fetchFile: FetchFile;
  readonly checkpoint: () => Uint8Array | null;
}

/** Keeps the checkpoint that was read: the one to save is the one that was checked. */
function remembering(fetchFile: FetchFile): Source {
  let checkpoint: Uint8Array | null = null;
  return {
    async fetchFile(name) {
      const bytes = await fetchFile(name);
      if (name === 'checkpoint') checkpoint = bytes;
      return bytes;
    },
    checkpoint: () => checkpoint,
  };
}

async function check(
  options: Options,
  { source, keys }: { readonly source: Source | null; readonly keys: Keys },
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
): Promise<Answer> {
  const { vkeys } = keys;
  const disclosure =
    options.entry === undefined
      ? null
      : need(parseDisclosure(await readRegular(options.entry, disclosureBytesMax)));
  const entry = disclosure === null ? null : checkEntry(disclosure, vkeys);
  if (source === null || entry?.holds === false) {
    if (entry === null) throw new Error('a check of nothing was refused before');
    return { checked: 'entry', keys, report: entry, disclosure, step: false };
  }
  // The tree that a disclosure rests on must be a prefix of the log as it is now.
  const since =
    options.since === undefined
      ? disclosure?.checkpoint
      : await readRegular(options.since, fileLimits.request);
  const report = await checkLog({
    fetchFile: source.fetchFile,
    vkeys,
    ...(since === undefined ? {} : { since }),
    onProgress({ entries, of }) {
      signal.throwIfAborted();
      terminal.progress(`${bar(entries, of)} entries`);
    },
  });
  const checked = disclosure === null ? 'log' : 'entry and log';
  return { checked, keys, report, disclosure, step: since !== undefined };
}

function documentOf({ checked, keys, report, disclosure, step }: Answer) {
  const { holds, findings, stopped, checkpoint, entriesProven } = report;
  return {
    checked,
    holds,
    findings,
    stopped,
    keyFromServer: keys.fromServer,
    step,
    entriesProven,
    checkpoint:
      checkpoint === null
        ? null
        : {
            origin: checkpoint.origin,
            size: checkpoint.size,
            root: Buffer.from(checkpoint.root).toString('base64'),
            signedBy: checkpoint.signedBy.map(({ key }) => `${key.name}+${key.id}`),
          },
    entry: disclosure === null ? null : { index: disclosure.index, content: disclosure.content },
  };
}

function print({ checked, report, disclosure, step }: Answer, terminal: Terminal): void {
  const { holds, findings, checkpoint, entriesProven } = report;
  terminal.line(`${holds ? 'holds       ' : 'DOES NOT HOLD'} ${checked}`);
  for (const { code, file, at, message } of findings) {
    terminal.line(`wrong        ${file}${at === undefined ? '' : ` at ${at}`}: ${code}`);
    terminal.line(`             ${message}`);
  }
  if (report.stopped) terminal.line('             and more: the check ended at so many faults');
  if (checkpoint !== null) {
    terminal.line(`log          ${checkpoint.origin}`);
    terminal.line(`entries      ${checkpoint.size} signed, ${entriesProven} proven`);
    terminal.line(`root         ${Buffer.from(checkpoint.root).toString('base64')}`);
    const names = checkpoint.signedBy.map(({ key }) => `${key.name}+${key.id}`);
    terminal.line(`signed by    ${names.join(', ')}`);
  }
  if (holds && step) terminal.line('history      the earlier checkpoint is a prefix of this log');
  if (!holds || disclosure === null) return;
  terminal.line(`entry        number ${disclosure.index}, with this content:`);
  terminal.quote(JSON.stringify(disclosure.content, null, 2));
}

function trustOnFirstUse({ vkeys }: Keys): string {
  return (
    'note: the key came from the server itself, which proves only that the log agrees with ' +
    `itself. Keep the key and give it with --key from now on: ${vkeys.at(-1) ?? ''}`
  );
}

const nothingToCheck = {
  code: 'nothing-to-check',
  expected: 'the address or folder of a log, or a disclosed entry with --entry',
  got: 'neither',
  todo: 'name the log, such as http://127.0.0.1:8420/log',
};

function savedBefore(file: string) {
  return {
    code: 'saved-before',
    expected: 'the saved checkpoint to be checked before it is replaced',
    got: `--save ${file}, where one lies, without --since`,
    todo: `add --since ${file}`,
  };
}
