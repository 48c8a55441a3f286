import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import type { Logger } from 'pino';
import { serveBackup } from './backup.ts';
import type { Config } from './config.ts';
import { createApi } from './http.ts';
import { serveOrganizationDoors } from './organization-doors.ts';
import type { Clock } from './platform/clock/clock.ts';
import { createExecute, createRecall, type Execute } from './platform/commands/commands.ts';
import { createInTurn } from './platform/commands/together.ts';
import { openContentStore } from './platform/content/content.ts';
import { openKeyStore } from './platform/content/key-store.ts';
import { keepingOnlyHeld } from './platform/content/left-over.ts';
import { sweepContent } from './platform/content/sweep.ts';
import type { Database } from './platform/database/database.ts';
import { migrate } from './platform/database/migrate.ts';
import { createDirectory } from './platform/directory/directory.ts';
import { noMail, type SignInMail } from './platform/directory/mail.ts';
import { siteAt } from './platform/directory/site.ts';
import { sweepDirectory } from './platform/directory/sweep.ts';
import { createEdge } from './platform/edge/edge.ts';
import { listen } from './platform/edge/listen.ts';
import { openSequencer } from './platform/journal/sequencer.ts';
import { createLive } from './platform/live/live.ts';
import type { Mail } from './platform/mail/mail.ts';
import { createSignInMail } from './platform/mail/sign-in.ts';
import { createMetrics } from './platform/metrics.ts';
import { createOutbound } from './platform/outbound/outbound.ts';
import { openNet, reachOf } from './platform/outbound/reach.ts';
import { keepBuiltInRoles } from './platform/policy/built-in.ts';
import type { Policies } from './platform/policy/policies.ts';
import type { JobHandler, Queue } from './platform/queue/queue.ts';
import type { Proving } from './platform/sandbox/proving.ts';
import { createSearch } from './platform/search/search.ts';
import { openSigner, type Signer } from './platform/signer/signer.ts';
import type { Services } from './services.ts';
import { serveSigningKeys } from './signing-keys.ts';
import {
  actIsShown,
  closeIntervals,
  compareOlderLists,
  createSlices,
  foldCounts,
  keepEpochs,
  listOlderCases,
  openGateway,
  passTime,
  placeWaiting,
  reactions,
  sendDue,
  serveDoors,
} from './slices/index.ts';
import { sources } from './slices/searchable.ts';
import { serveStatic } from './web.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const mailTickMs = 5_000;
const foldTickMs = 60_000;
const claimsTickMs = 1_000;
const precheckTickMs = 60_000;
const placeTickMs = 60_000;
const intervalTickMs = 60_000;

/** The technologies main.ts chose, opened. */
export interface Technologies {
  readonly database: Database;
  readonly queue: Queue;
  readonly proving: Proving;
  readonly policies: Policies;
  readonly clock: Clock;
  /** Where the web client was built; null serves the API alone. */
  readonly webDirectory: string | null;
  /** Absent: no mail leaves this installation. */
  readonly mail?: Mail;
  /** How late a mail may go out beyond its hour, in milliseconds; five seconds unless told. */
  readonly mailTickMs?: number;
  /** How often the keys of the pre-check are looked after, in milliseconds; a minute unless told. */
  readonly precheckTickMs?: number;
  /** How late the end of a claim may be acted upon, in milliseconds; a second unless told. */
  readonly claimsTickMs?: number;
  /** How members are sent their sign-in links; absent: by mail, or not at all. */
  readonly signInMail?: SignInMail;
  /** Done before it says that it is ready: what fails later must end no server that serves. */
  readonly beforeReady?: (services: Services) => Promise<void>;
}

export interface Running {
  readonly address: string;
  readonly services: Services;
  /** Where calls of models are taken; null: nowhere. */
  readonly gatewayPort: number | null;
  /** Reads the certificate again, as a changed file does by itself. */
  reloadCertificate(): void;
  stop(): Promise<void>;
}

/** Brings everything up in order, and answers once requests are served. */
export async function start(
  config: Config,
  technologies: Technologies,
  logger: Logger,
): Promise<Running> {
  const { database, queue, proving, clock, webDirectory } = technologies;
  const inData = (name: string) => path.join(config.dataDirectory, name);
  await migrate(database);
  await keepBuiltInRoles(database);
  const content = await openContentStore(
    inData('content'),
    await openKeyStore(inData('keys/content')),
  );
  const signer = await openSigner(inData('keys/signing'), clock.now());
  const origin = config.logOrigin ?? ownOrigin(signer);
  const sequencer = await openSequencer({
    database,
    signer,
    clock,
    origin,
    directory: inData('log'),
    cadenceMs: config.logCadenceMs,
  });
  // Known once the port is: a test's port, or a developer's, is the system's choice.
  let served: string | null = null;
  const search = createSearch({
    database,
    content,
    sources,
    failed: (error) => logger.error({ err: error }, 'the search could not take in what changed'),
  });
  const directory = createDirectory(database, content);
  const mail = technologies.mail ?? null;
  const bySignInMail = mail === null ? noMail : createSignInMail(mail, directory);
  const ports = { database, content, clock, reactions };
  // What a command asked for begins at once, not at the next poll; what it erased is forgotten as
  // soon. Nobody waits for either.
  const committed = () => {
    queue.relay().catch((error: unknown) => {
      logger.error({ err: error }, 'committed work could not be handed to the queue yet');
    });
    search.refresh().catch((error: unknown) => {
      logger.error({ err: error }, 'the search could not take in what changed');
    });
  };
  const services: Services = {
    search,
    database,
    content,
    clock,
    signer,
    policies: technologies.policies,
    sequencer,
    queue,
    proving,
    execute: afterCommit(createExecute(ports), committed),
    inTurn: createInTurn(ports, committed),
    recall: createRecall({ database, content }),
    directory,
    mail,
    live: createLive({ database, clock, shows: actIsShown }),
    outbound: createOutbound({
      resolvers: config.outbound.resolvers,
      reach: reachOf([openNet, ...config.outbound.localTargets]),
      authorities: await authoritiesIn(config.outbound.authoritiesFile),
    }),
    logOrigin: origin,
    logCadenceMs: config.logCadenceMs,
    localIssuers: config.localIssuers,
    publisher: config.publisher,
    federation: config.federation,
    precheckElementsPerDay: config.precheckElementsPerDay,
    outcomeKeys: config.outcomeKeys,
    openWeight: config.openWeight,
    gatewayUrl: config.gatewayUrl,
    gatewayReach: reachOf(config.gatewayUpstreams),
    signInMail: technologies.signInMail ?? bySignInMail,
    site() {
      if (served === null) throw new Error('expected to be asked for the site once it is served');
      return siteAt(config.publicUrl, served);
    },
  };
  await listOlderCases(services);
  await compareOlderLists(services);
  const slices = createSlices(services);
  // Requests are served meanwhile, and say that not all is found yet.
  search.start().catch((error: unknown) => {
    logger.error({ err: error }, 'the search could not be made ready');
  });
  const metrics = createMetrics();
  const edge = createEdge({ ...config, nowMs: () => performance.now() });
  const app = createApi({
    services,
    routes: slices.routes,
    facts: slices.facts,
    logger,
    metrics,
    edge,
  });
  const docsDirectory = path.dirname(
    createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'),
  );
  serveOrganizationDoors(app, { services, edge, logger });
  if (webDirectory !== null) serveStatic(app, { services, directory: webDirectory, docsDirectory });
  let ready = false;
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', (c) => (ready ? c.text('ready\n') : c.text('starting\n', 503)));
  app.get('/metrics', async (c) =>
    c.env?.administrator === true ? c.text(await metrics.text()) : c.notFound(),
  );
  serveSigningKeys(app, services);
  serveBackup(app, database);
  serveDoors(app, services, edge);

  const http = await listen({
    fetch: app.fetch,
    where: { host: config.host, port: config.port },
    tls: config.tls,
    reloaded: (error) =>
      error === null
        ? logger.info('the certificate was read again')
        : logger.error({ err: error }, 'the new certificate cannot be used; the old one stays'),
  });
  const address = addressOf(http.port, config);
  served = address;
  const socket = inData('admin.sock');
  await rm(socket, { force: true });
  // Whoever may open the socket's directory (mode 0700) is the administrator.
  const admin = await listen({
    fetch: (request) => app.fetch(request, { administrator: true }),
    where: { path: socket },
    tls: null,
    reloaded: () => {},
  });
  await chmod(socket, 0o600);

  await queue.start(leavingNothing(slices.jobs, services));
  const stopTicking = tick(() => sequencer.tick(), {
    everyMs: config.logCadenceMs,
    failed: (error) => logger.error({ err: error }, 'the log could not be continued'),
  });
  const stopTelling = tick(() => services.live.tick(), {
    everyMs: config.liveTickMs,
    failed: (error) => logger.error({ err: error }, 'open pages could not be told what changed'),
  });
  const stopMailing = tick(() => sendDue(services), {
    everyMs: technologies.mailTickMs ?? mailTickMs,
    failed: (error) => logger.error({ err: error }, 'mail that is due could not be sent'),
  });
  const stopPassing = tick(() => passTime(services), {
    everyMs: technologies.claimsTickMs ?? claimsTickMs,
    failed: (error) => logger.error({ err: error }, 'claims and windows could not be kept in time'),
  });
  const stopFolding = tick(() => foldCounts(services), {
    everyMs: foldTickMs,
    failed: (error) => logger.error({ err: error }, 'the counts of cases could not be folded'),
  });
  const stopPlacing = tick(() => placeWaiting(services), {
    everyMs: placeTickMs,
    failed: (error) => logger.error({ err: error }, 'findings that wait could not be placed'),
  });
  const stopKeeping = tick(() => keepEpochs(services), {
    everyMs: technologies.precheckTickMs ?? precheckTickMs,
    failed: (error) => logger.error({ err: error }, 'the keys of the pre-check could not be kept'),
  });
  const stopClosing = tick(() => closeIntervals(services), {
    everyMs: intervalTickMs,
    failed: (error) => logger.error({ err: error }, 'the requests of models wait for the log'),
  });
  const gateway =
    config.gatewayListen === null
      ? null
      : await openGateway({
          ...{ services, config, where: config.gatewayListen, registry: metrics.registry },
          failed: (error, what) => logger.error({ err: error }, what),
        });
  const sweep = async () => {
    await sweepDirectory(services);
    await sweepContent({ database, content, clock });
  };
  const sweepFailed = (error: unknown) =>
    logger.error({ err: error }, 'what nothing refers to could not be swept');
  const swept = sweep().catch(sweepFailed);
  const stopSweeping = tick(sweep, { everyMs: dayMs, failed: sweepFailed });
  await technologies.beforeReady?.(services);
  ready = true;
  await writeFile(inData('address'), `${address}\n`, { mode: 0o600 });
  return {
    address,
    services,
    gatewayPort: gateway?.port ?? null,
    reloadCertificate() {
      http.reload();
      gateway?.reloadCertificate();
    },
    async stop() {
      await gateway?.close();
      await Promise.all([
        stopTicking(),
        stopSweeping(),
        stopTelling(),
        stopMailing(),
        stopFolding(),
        stopPassing(),
        stopKeeping(),
        stopPlacing(),
        stopClosing(),
        swept,
      ]);
      services.live.stop();
      await queue.stop();
      await search.stop();
      await Promise.all([http.close(), admin.close()]);
      await proving.close();
      await database.close();
      await rm(inData('address'), { force: true });
    },
  };
}

/** The certificate authorities of a file; one that cannot be read stops the start. */
async function authoritiesIn(file: string | null): Promise<string | null> {
  return file === null ? null : await readFile(file, 'utf8');
}

function afterCommit(execute: Execute, committed: () => void): Execute {
  return async (envelope, work) => {
    const executed = await execute(envelope, work);
    if (envelope.goesOn !== true) committed();
    return executed;
  };
}

/** Two jobs may come to the same conclusion; what the later one had put for it goes again. */
function leavingNothing(
  jobs: Readonly<Record<string, JobHandler>>,
  services: Services,
): Readonly<Record<string, JobHandler>> {
  return Object.fromEntries(
    Object.entries(jobs).map(([name, handle]) => [
      name,
      (job) => keepingOnlyHeld(services, () => handle(job)),
    ]),
  );
}

/**
 * A name no other log bears, for a server that was given none: two logs of one name and different
 * keys would look like one that was tampered with. The first key stays the first when keys rotate.
 */
function ownOrigin(signer: Signer): string {
  const [first] = signer.publicKeys('log');
  if (first === undefined) throw new Error('no log key is held');
  return `breakwater.local/${first.id}`;
}

function addressOf(port: number, { host, tls }: Config): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return `${tls === null ? 'http' : 'https'}://${name}:${port}`;
}

/** Calls `work` at a fixed cadence, never twice at once; answers with how to stop. */
function tick(
  work: () => Promise<void>,
  { everyMs, failed }: { everyMs: number; failed: (error: unknown) => void },
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = work()
      .catch(failed)
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
