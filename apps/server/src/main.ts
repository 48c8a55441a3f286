import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureWebBuilt } from '@breakwater/web';
import { pino } from 'pino';
import { bannerOf } from './banner.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { systemClock } from './platform/clock/clock.ts';
import type { Database } from './platform/database/database.ts';
import { DirectoryInUse, openEmbedded, runningAddress } from './platform/database/embedded.ts';
import { openPostgres } from './platform/database/postgres.ts';
import { firstLink } from './platform/directory/first-link.ts';
import { siteAt } from './platform/directory/site.ts';
import { CertificateUnusable } from './platform/edge/listen.ts';
import { HistoryDiverged } from './platform/journal/sequencer.ts';
import { createFilesMail } from './platform/mail/files.ts';
import type { Mail } from './platform/mail/mail.ts';
import { createSmtpMail } from './platform/mail/smtp.ts';
import { openPolicies } from './platform/policy/cedar.ts';
import { createPgBossQueue } from './platform/queue/pg-boss.ts';
import { openLocalProving } from './platform/sandbox/local-proving.ts';
import { start } from './start.ts';

// The one place that chooses technologies: everything else is handed what it stands on.

/** The database's process ended; a server without it could only refuse. */
class DatabaseLost extends Error {
  override readonly name = 'DatabaseLost';
}

/** What the person at the terminal reads; the structured log goes to a file descriptor of its own. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const config = readConfig(settings());
  await makeDataDirectory(config.dataDirectory);
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  if (await isNew(config)) say('making the database, which takes a moment the first time');
  const database = await openDatabase(config);
  const web = await ensureWebBuilt({ log: say });
  const proving = await openLocalProving({
    cacheDirectory: path.join(config.dataDirectory, 'cache'),
    slots: config.sandboxSlots,
  });
  const queue = createPgBossQueue({
    database,
    onError: (error) => logger.error({ err: error }, 'the queue had an error'),
  });
  let link: string | null = null;
  const running = await start(
    config,
    {
      database,
      queue,
      proving,
      policies: openPolicies(),
      clock: systemClock,
      mail: openMail(config),
      webDirectory: web.directory,
      beforeReady: async (services) => {
        link = await firstLink(services);
      },
    },
    logger,
  );
  const { capabilities } = proving;
  const lines = bannerOf({
    url: running.services.site().url,
    gateway:
      running.gatewayPort === null ? null : (config.gatewayUrl ?? `on port ${running.gatewayPort}`),
    dataDirectory: config.dataDirectory,
    database:
      database.engine === 'embedded'
        ? 'embedded PostgreSQL (PGlite), in the data directory'
        : 'PostgreSQL, by DATABASE_URL',
    sandbox:
      capabilities.tier === 'refuse'
        ? `none: ${capabilities.reason}; everything but running proofs works`
        : `${capabilities.tier}: ${capabilities.reason}`,
    mail: whereMailGoes(config),
    checkerSha256: web.checkerSha256,
    link,
  });
  for (const line of lines) say(line);
  process.on('SIGHUP', () => running.reloadCertificate());
  stopOnSignal(() => running.stop());
}

/** The environment, and before it what was said on the command line. */
function settings(): NodeJS.ProcessEnv {
  const { values } = parseArgs({ options: { 'public-url': { type: 'string' } } });
  const said = values['public-url'];
  return said === undefined ? process.env : { ...process.env, BREAKWATER_PUBLIC_URL: said };
}

async function makeDataDirectory(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      `the data directory cannot be made (${why}); name one that this user may make with BREAKWATER_DATA_DIRECTORY`,
    );
  }
}

/** Whether the embedded database is still to be made; one by DATABASE_URL is somebody else's. */
async function isNew({ databaseUrl, dataDirectory }: Config): Promise<boolean> {
  if (databaseUrl !== null) return false;
  try {
    await access(path.join(dataDirectory, 'database'));
    return false;
  } catch {
    return true;
  }
}

async function openDatabase(config: Config): Promise<Database> {
  if (config.databaseUrl !== null) return await openPostgres(config.databaseUrl);
  return await openEmbedded(path.join(config.dataDirectory, 'database'), () =>
    fail(new DatabaseLost('the embedded database stopped by itself; start Breakwater again')),
  );
}

function openMail(config: Config): Mail {
  const from = config.mailFrom ?? 'breakwater@localhost';
  if (config.smtpUrl !== null) {
    return createSmtpMail({ url: config.smtpUrl, from, clock: systemClock });
  }
  return createFilesMail(mailDirectory(config), { from, clock: systemClock });
}

function mailDirectory(config: Config): string {
  return path.join(config.dataDirectory, 'mail');
}

/** Never the whole address: a password stands in it. */
function whereMailGoes(config: Config): string {
  if (config.smtpUrl !== null) return `by SMTP to ${new URL(config.smtpUrl).host}`;
  return `as files into ${mailDirectory(config)}; BREAKWATER_SMTP_URL sends it`;
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      say('stopping …');
      stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

function fail(error: unknown): never {
  process.stderr.write(`breakwater: ${inWords(error)}\n`);
  process.exit(1);
}

/** Failures a person can mend are told in one sentence; anything else keeps its trace. */
function inWords(error: unknown): string {
  if (
    error instanceof ConfigError ||
    error instanceof HistoryDiverged ||
    error instanceof DatabaseLost ||
    error instanceof CertificateUnusable ||
    error instanceof DirectoryInUse
  ) {
    return error.message;
  }
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : '';
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
    return `${error.message}; the one option is --public-url https://…, all else are settings`;
  }
  if (code === 'EADDRINUSE') {
    return `the port is taken by another program (${error.message}); choose one with BREAKWATER_PORT=8421, or stop the other`;
  }
  if (code === 'EACCES' && 'syscall' in error && error.syscall === 'listen')
    return `this user may not listen on that port (${error.message}); choose one above 1023 with BREAKWATER_PORT`;
  if (code === 'EACCES')
    return `${error.message}: give this user the right, or set BREAKWATER_DATA_DIRECTORY`;
  if (code === 'ECONNREFUSED')
    return `the database does not answer: ${error.message}; check DATABASE_URL`;
  return error.stack ?? error.message;
}

// Ctrl-C ends `npm start | tee file` on both sides of the pipe; the server must still stop in order.
process.stdout.on('error', () => {});

main().catch(async (error: unknown) => {
  if (error instanceof DirectoryInUse) {
    const { dataDirectory, publicUrl } = readConfig(settings());
    const address = await runningAddress(dataDirectory);
    if (address !== null) {
      const { url } = siteAt(publicUrl, address);
      fail(new DirectoryInUse(`${error.message}; it serves ${url}`));
    }
  }
  fail(error);
});
