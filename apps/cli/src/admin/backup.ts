import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Json, optionsOf } from '../options.ts';
import { Stop } from '../stop.ts';

/** A program of the server, started and never imported: only it knows databases and keys. */
const program = path.resolve(import.meta.dirname, '../../../server/src/backup-process.ts');

const BackupOptions = z.object({
  ...Json,
  out: z.string('a new folder'),
  keysOut: z.string('a new file, kept elsewhere than the backup'),
  passphraseFile: z.string().optional(),
  recipient: z.array(z.string()).optional(),
  dataDirectory: z.string().optional(),
});

const RestoreOptions = z.object({
  ...Json,
  keys: z.string('the keys file of the backup'),
  passphraseFile: z.string().optional(),
  identity: z.string().optional(),
  since: z.string().optional(),
  erasures: z.array(z.string()).default([]),
  otherKeys: z.boolean().default(false),
  dataDirectory: z.string().optional(),
});

const BackupReport = z.object({
  folder: z.string(),
  keysFile: z.string(),
  manifest: z.string(),
  engine: z.string(),
  files: z.number(),
  bytes: z.number(),
  keys: z.number(),
  erasures: z.number(),
});

const RestoreReport = z.object({
  dataDirectory: z.string(),
  createdAt: z.string(),
  engine: z.string(),
  files: z.number(),
  keysCreatedAt: z.string(),
  erasedBefore: z.number(),
  erasedSince: z.array(z.string()),
  unreadable: z.number(),
  log: z.object({ origin: z.string(), size: z.number() }).nullable(),
  checkedSince: z.boolean(),
});

/** `backup`: the database, content and log into one folder, the keys encrypted into one file. */
export async function runBackup(given: Given, context: Context): Promise<ExitCode> {
  const { json, recipient, ...options } = optionsOf(BackupOptions, given);
  const document = await runProgram(
    {
      act: 'backup',
      dataDirectory: placeOf(options.dataDirectory, context),
      out: path.resolve(options.out),
      keysOut: path.resolve(options.keysOut),
      ...resolved({ passphraseFile: options.passphraseFile }),
      ...(recipient === undefined ? {} : { recipients: recipient }),
    },
    context,
  );
  const report = BackupReport.parse(document);
  const { terminal } = context;
  if (json) terminal.json(report);
  else {
    terminal.line(`backed up    ${report.files} files, ${report.bytes} bytes, in ${report.folder}`);
    terminal.line(`keys         ${report.keys}, encrypted, in ${report.keysFile}`);
    terminal.line(`left out     the keys of ${report.erasures} erased items`);
    terminal.line(`manifest     sha256:${report.manifest}`);
  }
  terminal.say('keep the two apart: whoever has both, and what opens the keys, reads everything');
  return exitCodes.good;
}

/** `restore`: into an empty place, after every digest and the log were checked. */
export async function runRestore(given: Given, context: Context): Promise<ExitCode> {
  const { json, ...options } = optionsOf(RestoreOptions, given);
  const document = await runProgram(
    {
      act: 'restore',
      dataDirectory: placeOf(options.dataDirectory, context),
      folder: path.resolve(argument(given, 0)),
      keysFile: path.resolve(options.keys),
      erasureLists: options.erasures.map((file) => path.resolve(file)),
      since: options.since === undefined ? null : path.resolve(options.since),
      otherKeys: options.otherKeys,
      ...resolved({ passphraseFile: options.passphraseFile, identityFile: options.identity }),
    },
    context,
  );
  const report = RestoreReport.parse(document);
  if (json) context.terminal.json(report);
  else printRestored(report, context);
  return exitCodes.good;
}

function printRestored(report: z.infer<typeof RestoreReport>, { terminal }: Context): void {
  terminal.line(`restored     the backup of ${report.createdAt} into ${report.dataDirectory}`);
  terminal.line(`files        ${report.files}, each as its digest says`);
  const log = report.log === null ? 'none yet' : `holds, ${report.log.size} entries`;
  terminal.line(
    `log          ${log}${report.checkedSince ? '; it continues the saved checkpoint' : ''}`,
  );
  const since = report.erasedSince.length;
  terminal.line(
    `erased       ${report.erasedBefore} before the backup, ${since} since by the lists`,
  );
  for (const id of report.erasedSince.slice(0, 20))
    terminal.line(`             ${id} stays erased`);
  if (report.unreadable > 0) {
    terminal.line(`unreadable   ${report.unreadable} items, whose keys or files are not here`);
  }
  if (!report.checkedSince) {
    terminal.say(
      'the log was not held against a saved checkpoint: --since does, and finds old backups',
    );
  }
  terminal.say(
    'next         start the server on it, then: breakwater log check <address> --since …',
  );
}

function placeOf(given: string | undefined, { environment }: Context): string {
  return given === undefined ? environment.dataDirectory : path.resolve(given);
}

function resolved(files: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const known = Object.entries(files).filter(([, file]) => file !== undefined);
  return Object.fromEntries(known.map(([name, file]) => [name, path.resolve(file ?? '')]));
}

const Line = z.object({
  progress: z.string().optional(),
  report: z.unknown().optional(),
  refusal: z
    .object({ code: z.string(), expected: z.string(), got: z.string(), todo: z.string() })
    .optional(),
});

/** Runs the program to its end; answers with its report, or ends the command with its refusal. */
async function runProgram(task: object, { terminal, signal }: Context): Promise<unknown> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2_000);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  let last: z.infer<typeof Line> = {};
  for await (const text of createInterface({ input: child.stdout })) {
    const line = Line.parse(JSON.parse(text));
    if (line.progress === undefined) last = line;
    else terminal.progress(line.progress);
  }
  await ended;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (last.refusal !== undefined) throw new Stop(last.refusal);
  if (last.report === undefined) throw new Error(`the backup program failed: ${errors}`);
  return last.report;
}
