import { isIP } from 'node:net';
import path from 'node:path';
import { precheckLimits } from '@breakwater/contract';
import { parseVerifierKey } from '@breakwater/log';
import { z } from 'zod';
import { isLoopbackName, parseNetworks } from './platform/edge/addresses.ts';
import { limits, parseRates, type Rates, ratesForm } from './platform/edge/limits.ts';
import { parsePublicUrl, publicUrlForm } from './platform/edge/public-url.ts';
import { isPlainAddress, isSmtpUrl, mailFromForm, smtpUrlForm } from './platform/mail/settings.ts';
import { openNet, parseReach } from './platform/outbound/reach.ts';

/** Settings, read once from the environment, parsed and frozen. Nobody else touches process.env. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** `scheme://host[:port]` that people and links use; null: the address listened on. */
  readonly publicUrl: string | null;
  /** Absolute paths of PEM files; null: plain HTTP, on loopback. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** Addresses and networks whose X-Forwarded-For and -Proto are believed. */
  readonly trustedProxies: readonly string[];
  readonly rates: Rates | 'off';
  /** Origins of issuers of organizations' sign-in that may be at a private address, or plain on loopback. */
  readonly localIssuers: readonly string[];
  /** How owners' proofs of control are looked for. */
  readonly outbound: {
    /** `address[:port]` of name servers; empty: the system's. */
    readonly resolvers: readonly string[];
    /** Networks that are asked although they are not on the open net. */
    readonly localTargets: readonly string[];
    /** Absolute path of a PEM file of certificate authorities beside the known ones. */
    readonly authoritiesFile: string | null;
  };
  /** Absolute; holds the embedded database, content, keys and log. */
  readonly dataDirectory: string;
  /** PostgreSQL 15 or later; null: the embedded database. */
  readonly databaseUrl: string | null;
  /** The log's name in checkpoints (C2SP checkpoint origin); null: one made from its first key. */
  readonly logOrigin: string | null;
  /** Milliseconds between signed checkpoints. */
  readonly logCadenceMs: number;
  /** Milliseconds between the moments at which open pages are told what changed. */
  readonly liveTickMs: number;
  /** null: mail is written as files into the data directory. */
  readonly smtpUrl: string | null;
  /** The address mail comes from; never null where `smtpUrl` is not. */
  readonly mailFrom: string | null;
  /** Who publishes advisories here, in their own words; null: the address says it. */
  readonly publisher: { readonly name: string | null; readonly contact: string | null };
  /** What members of a federation share, and whom they are to reach; null: in none. */
  readonly federation: { readonly salt: string; readonly contact: string } | null;
  /** What one party may ask of the blind pre-check in 24 hours, in elements. */
  readonly precheckElementsPerDay: number;
  /** Keys by which bundles from systems apart are checked, as text. */
  readonly outcomeKeys: readonly string[];
  /** How models with open weights are counted in the framework; told, and nothing else. */
  readonly openWeight: 'outside' | 'within';
  /** Absolute path of a table of networks and places that the gateway's watch knows; null: none. */
  readonly gatewayPlacesFile: string | null;
  /** Where spans and metrics of the gateway are sent (OTLP over HTTP); null: nowhere. */
  readonly otlpEndpoint: string | null;
  /** Where the gateway listens; null: there is none. */
  readonly gatewayListen: { readonly host: string; readonly port: number } | null;
  /** Where upstreams of the gateway may lie: networks, and `public` for the open net. */
  readonly gatewayUpstreams: readonly string[];
  /** Where clients reach the gateway, as it is told to them; null: there is none, or it is not said. */
  readonly gatewayUrl: string | null;
  /** How many sandboxed runs may go on at once. */
  readonly sandboxSlots: number;
  readonly logLevel: string;
}

function wholeNumber(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number(error).int(error).min(min, error).max(max, error);
}

function secondsBetween(min: number, max: number) {
  const error = `expected a number of seconds from ${min} to ${max}`;
  return z.coerce.number(error).min(min, error).max(max, error);
}

/** Entries between commas. */
const listed = z.string().transform((text) => text.split(',').map((entry) => entry.trim()));

function isNameServer(text: string): boolean {
  const [, bracketed, plain, port = '53'] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Fa-f.]+|[0-9A-Fa-f:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  return isIP(bracketed ?? plain ?? '') !== 0 && Number(port) > 0 && Number(port) < 65_536;
}

/** `host:port`, an address of IPv6 in brackets; null where it is none. */
function parseListen(text: string): { readonly host: string; readonly port: number } | null {
  const [, bracketed, plain, port] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined || Number(port) > 65_535 ? null : { host, port: Number(port) };
}

const localIssuerForm =
  'expected addresses as the issuers write them, such as https://sso.corp.example or http://localhost:9000';

function isLocalIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname));
}

/** Stands in every published document. */
const publisherLine = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,300}$/u, 'expected one line of at most 300 characters');

const Environment = z.object({
  BREAKWATER_HOST: z.string().default('127.0.0.1'),
  BREAKWATER_PORT: wholeNumber(0, 65_535).default(8420),
  BREAKWATER_PUBLIC_URL: z
    .string()
    .refine((text) => parsePublicUrl(text) !== null, publicUrlForm)
    .optional(),
  BREAKWATER_TLS_CERT: z.string().optional(),
  BREAKWATER_TLS_KEY: z.string().optional(),
  BREAKWATER_TRUSTED_PROXY: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .refine(
      (entries) => parseNetworks(entries) !== null,
      'expected addresses or networks such as 127.0.0.1,10.0.0.0/8',
    )
    .default([]),
  BREAKWATER_RATE_LIMITS: z
    .string()
    .refine((text) => parseRates(text) !== undefined, ratesForm)
    .optional(),
  BREAKWATER_LOCAL_ISSUERS: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .refine((issuers) => issuers.every(isLocalIssuer), localIssuerForm)
    .default([]),
  BREAKWATER_RESOLVER: listed
    .refine(
      (servers) => servers.every(isNameServer),
      'expected addresses of name servers such as 192.0.2.53 or 127.0.0.1:5353',
    )
    .default([]),
  BREAKWATER_LOCAL_TARGETS: listed
    .refine(
      (entries) => parseNetworks(entries) !== null,
      'expected addresses or networks such as 10.20.0.0/16,fd00::/8',
    )
    .default([]),
  BREAKWATER_TARGETS_CA: z.string().optional(),
  BREAKWATER_DATA_DIRECTORY: z.string().default('.breakwater'),
  DATABASE_URL: z
    .string()
    .startsWith('postgres', 'expected an address that begins with postgres://')
    .optional(),
  BREAKWATER_LOG_ORIGIN: z
    .string()
    .regex(/^[^\s+]{1,200}$/, 'expected 1 to 200 characters, none of them a space or a plus')
    .optional(),
  BREAKWATER_LOG_CADENCE_SECONDS: secondsBetween(0.2, 86_400).default(30),
  BREAKWATER_LIVE_TICK_SECONDS: secondsBetween(0.2, 86_400).default(1),
  BREAKWATER_SMTP_URL: z.string().refine(isSmtpUrl, smtpUrlForm).optional(),
  BREAKWATER_MAIL_FROM: z.string().refine(isPlainAddress, mailFromForm).optional(),
  BREAKWATER_PUBLISHER_NAME: publisherLine.optional(),
  BREAKWATER_PUBLISHER_CONTACT: publisherLine.optional(),
  BREAKWATER_FEDERATION_SALT: z
    .string()
    .min(16, 'expected at least 16 characters, which nobody guesses')
    .max(1_000)
    .optional(),
  BREAKWATER_FEDERATION_CONTACT: publisherLine.optional(),
  BREAKWATER_PRECHECK_ELEMENTS_PER_DAY: wholeNumber(
    precheckLimits.elementsPerRequest,
    1_000_000,
  ).default(precheckLimits.evaluationsPerDay),
  BREAKWATER_OUTCOME_KEYS: listed
    .refine(
      (keys) => keys.length <= 16 && keys.every((key) => parseVerifierKey(key).ok),
      'expected the keys that `breakwater designate bundle-key` prints, between commas',
    )
    .default([]),
  BREAKWATER_OPEN_WEIGHT: z
    .enum(['outside', 'within'], 'expected outside or within')
    .default('outside'),
  BREAKWATER_GATEWAY_LISTEN: z
    .string()
    .refine((text) => parseListen(text) !== null, 'expected host:port, such as 127.0.0.1:8430')
    .optional(),
  BREAKWATER_GATEWAY_URL: z
    .string()
    .refine((text) => parsePublicUrl(text) !== null, publicUrlForm)
    .optional(),
  BREAKWATER_GATEWAY_UPSTREAMS: listed
    .refine(
      (entries) => parseReach(entries) !== null,
      'expected public, or networks such as 10.20.0.0/16,fd00::/8, or both',
    )
    .default([openNet]),
  BREAKWATER_GATEWAY_PLACES: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://localhost:4318' })
    .optional(),
  BREAKWATER_SANDBOX_SLOTS: wholeNumber(1, 256).default(2),
  BREAKWATER_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Raised for a setting that cannot be used; the message names it and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Parses settings from `environment`; throws ConfigError naming the first bad one. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  // Set to nothing is how a shell or a unit file says "not set"; as a number it would be 0.
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? 'a setting');
    throw new ConfigError(`${name} cannot be used: ${issue?.message ?? 'malformed'}`);
  }
  const e = parsed.data;
  const edge = edgeOf(e);
  return Object.freeze({
    host: e.BREAKWATER_HOST,
    port: e.BREAKWATER_PORT,
    ...edge,
    rates: parseRates(e.BREAKWATER_RATE_LIMITS ?? '') ?? limits,
    localIssuers: Object.freeze(e.BREAKWATER_LOCAL_ISSUERS.map((issuer) => new URL(issuer).origin)),
    outbound: Object.freeze({
      resolvers: Object.freeze([...e.BREAKWATER_RESOLVER]),
      localTargets: Object.freeze([...e.BREAKWATER_LOCAL_TARGETS]),
      authoritiesFile:
        e.BREAKWATER_TARGETS_CA === undefined ? null : path.resolve(e.BREAKWATER_TARGETS_CA),
    }),
    dataDirectory: path.resolve(e.BREAKWATER_DATA_DIRECTORY),
    databaseUrl: e.DATABASE_URL ?? null,
    logOrigin: e.BREAKWATER_LOG_ORIGIN ?? null,
    logCadenceMs: e.BREAKWATER_LOG_CADENCE_SECONDS * 1000,
    liveTickMs: e.BREAKWATER_LIVE_TICK_SECONDS * 1000,
    ...mailOf(e),
    publisher: Object.freeze({
      name: e.BREAKWATER_PUBLISHER_NAME ?? null,
      contact: e.BREAKWATER_PUBLISHER_CONTACT ?? null,
    }),
    federation: federationOf(e),
    precheckElementsPerDay: e.BREAKWATER_PRECHECK_ELEMENTS_PER_DAY,
    outcomeKeys: e.BREAKWATER_OUTCOME_KEYS,
    openWeight: e.BREAKWATER_OPEN_WEIGHT,
    gatewayListen: listenOf(e),
    gatewayUrl: gatewayUrlOf(e),
    gatewayUpstreams: Object.freeze([...e.BREAKWATER_GATEWAY_UPSTREAMS]),
    gatewayPlacesFile:
      e.BREAKWATER_GATEWAY_PLACES === undefined ? null : path.resolve(e.BREAKWATER_GATEWAY_PLACES),
    otlpEndpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    sandboxSlots: e.BREAKWATER_SANDBOX_SLOTS,
    logLevel: e.BREAKWATER_LOG_LEVEL,
  });
}

/** As it is told, or where it listens; a port that the system chooses is not known before. */
function gatewayUrlOf(e: z.infer<typeof Environment>): Config['gatewayUrl'] {
  if (e.BREAKWATER_GATEWAY_URL !== undefined) return parsePublicUrl(e.BREAKWATER_GATEWAY_URL);
  const where = parseListen(e.BREAKWATER_GATEWAY_LISTEN ?? '');
  if (where === null || where.port === 0) return null;
  const host = where.host.includes(':') ? `[${where.host}]` : where.host;
  return `${e.BREAKWATER_TLS_CERT === undefined ? 'http' : 'https'}://${host}:${where.port}`;
}

/** Where the gateway listens; throws where keys and prompts would go in the clear. */
function listenOf(e: z.infer<typeof Environment>): Config['gatewayListen'] {
  const where = parseListen(e.BREAKWATER_GATEWAY_LISTEN ?? '');
  if (where !== null && !isLoopbackName(where.host) && e.BREAKWATER_TLS_CERT === undefined) {
    throw new ConfigError(
      `BREAKWATER_GATEWAY_LISTEN is ${where.host}: plain HTTP is served on loopback only; set BREAKWATER_TLS_CERT and BREAKWATER_TLS_KEY, or leave it on 127.0.0.1 and put a TLS proxy in front`,
    );
  }
  return where;
}

/** Where mail goes; throws where a mail server is named but nobody whom mail would come from. */
function mailOf(e: z.infer<typeof Environment>): Pick<Config, 'smtpUrl' | 'mailFrom'> {
  const smtpUrl = e.BREAKWATER_SMTP_URL ?? null;
  const mailFrom = e.BREAKWATER_MAIL_FROM ?? null;
  if (smtpUrl !== null && mailFrom === null) {
    throw new ConfigError(
      'BREAKWATER_SMTP_URL needs BREAKWATER_MAIL_FROM: set it to the address mail shall come from, such as breakwater@example.org',
    );
  }
  return { smtpUrl, mailFrom };
}

/** The federation; throws where its members would be told of a finding and not whom to ask. */
function federationOf(e: z.infer<typeof Environment>): Config['federation'] {
  const salt = e.BREAKWATER_FEDERATION_SALT;
  const contact = e.BREAKWATER_FEDERATION_CONTACT;
  if (salt === undefined) return null;
  if (contact === undefined) {
    throw new ConfigError(
      'BREAKWATER_FEDERATION_SALT needs BREAKWATER_FEDERATION_CONTACT: set it to whom peers shall write to, such as security@example.org',
    );
  }
  return Object.freeze({ salt, contact });
}

/** How the server is reached; throws where the settings together would send secrets in the clear. */
function edgeOf(
  e: z.infer<typeof Environment>,
): Pick<Config, 'publicUrl' | 'tls' | 'trustedProxies'> {
  const cert = e.BREAKWATER_TLS_CERT;
  const key = e.BREAKWATER_TLS_KEY;
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError(
      'BREAKWATER_TLS_CERT and BREAKWATER_TLS_KEY go together: set both to files in PEM form, or neither',
    );
  }
  const tls =
    cert === undefined || key === undefined
      ? null
      : Object.freeze({ certificate: path.resolve(cert), key: path.resolve(key) });
  const publicUrl =
    e.BREAKWATER_PUBLIC_URL === undefined ? null : parsePublicUrl(e.BREAKWATER_PUBLIC_URL);
  if (!isLoopbackName(e.BREAKWATER_HOST)) {
    if (tls === null) {
      throw new ConfigError(
        `BREAKWATER_HOST is ${e.BREAKWATER_HOST}: plain HTTP is served on loopback only; set BREAKWATER_TLS_CERT and BREAKWATER_TLS_KEY, or leave the host and put a TLS proxy in front`,
      );
    }
    if (publicUrl === null) {
      throw new ConfigError(
        `BREAKWATER_HOST is ${e.BREAKWATER_HOST}: others reach this server by a name; set BREAKWATER_PUBLIC_URL to it, such as https://clearinghouse.example.org`,
      );
    }
  }
  const trustedProxies = Object.freeze([...e.BREAKWATER_TRUSTED_PROXY]);
  if (publicUrl?.startsWith('https:') && tls === null && trustedProxies.length === 0) {
    throw new ConfigError(
      'BREAKWATER_PUBLIC_URL is https, but nothing here ends TLS: set BREAKWATER_TRUSTED_PROXY to the address of the proxy that does (127.0.0.1 where it runs on this machine), or BREAKWATER_TLS_CERT and BREAKWATER_TLS_KEY',
    );
  }
  if (publicUrl?.startsWith('http:') && tls !== null) {
    throw new ConfigError(
      'BREAKWATER_PUBLIC_URL is http, but this server speaks TLS: write it with https',
    );
  }
  return { publicUrl, tls, trustedProxies };
}
