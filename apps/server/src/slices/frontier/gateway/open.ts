import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Registry } from 'prom-client';
import type { Config } from '../../../config.ts';
import { parseNetworks } from '../../../platform/edge/addresses.ts';
import { peerOf } from '../../../platform/edge/peer.ts';
import { reachOf } from '../../../platform/outbound/reach.ts';
import type { Services } from '../../../services.ts';
import { openJobs } from './jobs/run.ts';
import type { KeyBook } from './keys/book.ts';
import { openMeters } from './meters/meters.ts';
import { openBodyKeeper } from './record/bodies.ts';
import { openOtlp } from './telemetry/otlp.ts';
import { countFor } from './telemetry/prometheus.ts';
import { type Telemetry, together } from './telemetry/telemetry.ts';
import { openWatch } from './watch/open.ts';
import { noPlaces, type Places, parsePlaces } from './watch/places.ts';
import { openWire, type Wire } from './wire/gateway.ts';

export interface GatewayOptions {
  readonly services: Pick<Services, 'database' | 'content' | 'clock'>;
  readonly config: Pick<
    Config,
    | 'dataDirectory'
    | 'gatewayPlacesFile'
    | 'gatewayUrl'
    | 'gatewayUpstreams'
    | 'otlpEndpoint'
    | 'tls'
    | 'trustedProxies'
  >;
  readonly where: NonNullable<Config['gatewayListen']>;
  readonly book: KeyBook;
  /** Where totals are counted. */
  readonly registry: Registry;
  /** Told what went wrong beside the calls, as a constant sentence; never of a call's contents. */
  readonly failed: (error: unknown, what: string) => void;
}

export type Gateway = Pick<Wire, 'port' | 'reloadCertificate' | 'close'>;

/** Raised for a table of places that cannot be used; the message says what is wrong with it. */
export class PlacesUnusable extends Error {
  override readonly name = 'PlacesUnusable';
}

const refreshMs = 10_000;
const otlpEveryMs = 60_000;
const otlpCloseMsMax = 3_000;

/**
 * Opens the gateway in this process: meters, watch, record, wire and jobs. Rejects where the database is
 * away, a table is malformed, or the address is taken; then nothing is left open.
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { services, config, book, failed } = options;
  const { database, content, clock } = services;
  const watch = await openWatch(database, await placesIn(config.gatewayPlacesFile));
  const { dataDirectory } = config;
  const meters = await openMeters({
    ...{ database, clock, dataDirectory },
    onFault: (error) => failed(error, 'the meters of the gateway try again'),
  });
  const closing = [async () => await meters.close()];
  const undo = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const { watcher } = watch;
    let counts: Pick<Wire, 'under' | 'aside'> = { under: () => 0, aside: () => 0 };
    const telemetry = await openTelemetry(options, {
      process: meters.process(),
      counted: { watcher, open: () => counts.under(), aside: () => counts.aside() },
    });
    closing.push(async () => await telemetry.close());
    const keeper = openBodyKeeper({
      ...{ database, content, clock },
      failed: (error) => failed(error, 'bodies that were to be kept are lost'),
    });
    closing.push(async () => await keeper.stored());
    const wire = await openWire({
      where: options.where,
      tls: config.tls,
      reloaded: (error) => {
        if (error !== null) failed(error, 'the new certificate of the gateway cannot be used');
      },
      ...{ book, keeper, watcher, meters, telemetry },
      secretOf: async ({ secret }) => await content.getText(secret),
      upstreams: { reach: reachOf(config.gatewayUpstreams) },
      host: hostTold(config.gatewayUrl, options.where),
      addressOf: addressesBehind(config.trustedProxies),
      now: () => clock.now(),
      failed: (error) =>
        failed(error, 'the gateway could not carry a call out, or ask for changes'),
    });
    counts = wire;
    const jobs = openJobs({
      ...{ database, content, process: meters.process },
      carryOut: async (call) => await wire.carryOut(call),
      now: () => clock.now(),
      failed: (error) => failed(error, 'a job could not be run'),
    });
    // Jobs under way end with the wire.
    closing.push(async () => void (await Promise.all([jobs.close(), wire.close()])));
    const timer = setInterval(() => {
      watch.refresh().catch((error: unknown) => failed(error, 'canaries could not be read'));
    }, refreshMs);
    closing.push(async () => clearInterval(timer));
    return {
      port: wire.port,
      reloadCertificate: () => wire.reloadCertificate(),
      close: undo,
    };
  } catch (error) {
    await undo();
    throw error;
  }
}

async function openTelemetry(
  { config: { otlpEndpoint }, registry }: GatewayOptions,
  of: { readonly process: string; readonly counted: Parameters<typeof countFor>[1] },
): Promise<Telemetry> {
  const counts = countFor(registry, of.counted);
  if (otlpEndpoint === null) return counts;
  const { process } = of;
  const times = { everyMs: otlpEveryMs, closeMsMax: otlpCloseMsMax };
  return together([counts, await openOtlp({ endpoint: otlpEndpoint, process, ...times })]);
}

async function placesIn(file: string | null): Promise<Places> {
  if (file === null) return noPlaces;
  const parsed = parsePlaces(await readFile(file, 'utf8'));
  if (parsed.ok) return parsed.value;
  const { expected, got, todo } = parsed.refusal;
  throw new PlacesUnusable(
    `BREAKWATER_GATEWAY_PLACES cannot be used: ${file} needs ${expected}, got ${got}; ${todo}`,
  );
}

/** Of the address that the operator tells clients; null: it is merely where this process listens. */
function hostTold(url: string | null, where: GatewayOptions['where']): string | null {
  if (url === null) return null;
  const { hostname, host, port } = new URL(url);
  const isOwn = [where.host, `[${where.host}]`].includes(hostname) && port === `${where.port}`;
  return isOwn ? null : host;
}

/** Who called, as the nearest proxy that is trusted tells. */
function addressesBehind(
  trustedProxies: readonly string[],
): (from: IncomingMessage) => string | null {
  const trusted = parseNetworks(trustedProxies);
  if (trusted === null) throw new Error('the settings name a network that is none');
  return ({ socket, headers }) => {
    const forwardedFor = headers['x-forwarded-for'];
    const { address } = peerOf(
      {
        remoteAddress: socket.remoteAddress,
        encrypted: 'encrypted' in socket,
        forwardedFor: typeof forwardedFor === 'string' ? forwardedFor : undefined,
        forwardedProto: undefined,
      },
      trusted,
    );
    return address === 'unknown' ? null : address;
  };
}
