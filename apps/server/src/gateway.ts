import path from 'node:path';
import { pino } from 'pino';
import { ConfigError, readConfig } from './config.ts';
import { serveMetrics } from './gateway-metrics.ts';
import { systemClock } from './platform/clock/clock.ts';
import { openContentStore } from './platform/content/content.ts';
import { openKeyStore } from './platform/content/key-store.ts';
import { codeOf, type Database } from './platform/database/database.ts';
import { openPostgresBeside } from './platform/database/postgres.ts';
import { CertificateUnusable } from './platform/edge/listen.ts';
import { openGateway } from './slices/index.ts';

// A process of the gateway beside the server, on PostgreSQL: as many as there are processors to
// spare. It reads the settings that the server reads, and shares its data directory.

/** The server has not made the tables yet. */
const undefinedTable = '42P01';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const { gatewayListen, databaseUrl } = config;
  if (gatewayListen === null) {
    throw new ConfigError('BREAKWATER_GATEWAY_LISTEN is not set: name where to listen, host:port');
  }
  if (databaseUrl === null) {
    throw new ConfigError(
      'DATABASE_URL is not set: the embedded database has one process; set BREAKWATER_GATEWAY_LISTEN for the server itself, or use PostgreSQL',
    );
  }
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const inData = (name: string) => path.join(config.dataDirectory, name);
  const content = await openContentStore(
    inData('content'),
    await openKeyStore(inData('keys/content')),
  );
  const database = openPostgresBeside(databaseUrl);
  const metrics = await serveMetrics(inData(`gateway/metrics-${process.pid}.sock`));
  const gateway = await openOver(database, async () =>
    openGateway({
      services: { database, content, clock: systemClock },
      ...{ config, where: gatewayListen, registry: metrics.registry },
      failed: (error, what) => logger.error({ err: error }, what),
    }),
  );
  process.on('SIGHUP', () => gateway.reloadCertificate());
  stopOnSignal(async () => {
    await gateway.close();
    await metrics.close();
    await database.close();
  });
  // Whoever reads this may stop it at once.
  process.stdout.write(`the gateway listens on ${gatewayListen.host}:${gateway.port}\n`);
}

/** Lets go of the database where `open` fails. */
async function openOver<T>(database: Database, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await database.close();
    throw error;
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop().then(() => process.exit(0), fail);
    });
  }
}

function fail(error: unknown): never {
  process.stderr.write(`the gateway: ${inWords(error)}\n`);
  process.exit(1);
}

function inWords(error: unknown): string {
  if (codeOf(error) === undefinedTable) {
    return 'the database has no tables of the gateway yet: start the server first';
  }
  if (!(error instanceof Error)) return String(error);
  const isPlain = error instanceof ConfigError || error instanceof CertificateUnusable;
  return isPlain || error.name === 'PlacesUnusable'
    ? error.message
    : (error.stack ?? error.message);
}

process.stdout.on('error', () => {});

main().catch(fail);
