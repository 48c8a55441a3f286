import path from 'node:path';
import { z } from 'zod';

/** Settings, read once from the environment, parsed and frozen. Nobody else touches process.env. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute; holds the embedded database, content, keys and log. */
  readonly dataDirectory: string;
  /** PostgreSQL 15 or later; null: the embedded database. */
  readonly databaseUrl: string | null;
  /** The log's name in checkpoints (C2SP checkpoint origin); null: one made from its first key. */
  readonly logOrigin: string | null;
  /** Milliseconds between signed checkpoints. */
  readonly logCadenceMs: number;
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

const Environment = z.object({
  BREAKWATER_HOST: z.string().default('127.0.0.1'),
  BREAKWATER_PORT: wholeNumber(0, 65_535).default(8420),
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
  if (!['127.0.0.1', '::1', 'localhost'].includes(e.BREAKWATER_HOST)) {
    throw new ConfigError(
      `BREAKWATER_HOST is ${e.BREAKWATER_HOST}: plain HTTP is served on loopback only; put a TLS proxy in front`,
    );
  }
  return Object.freeze({
    host: e.BREAKWATER_HOST,
    port: e.BREAKWATER_PORT,
    dataDirectory: path.resolve(e.BREAKWATER_DATA_DIRECTORY),
    databaseUrl: e.DATABASE_URL ?? null,
    logOrigin: e.BREAKWATER_LOG_ORIGIN ?? null,
    logCadenceMs: e.BREAKWATER_LOG_CADENCE_SECONDS * 1000,
    sandboxSlots: e.BREAKWATER_SANDBOX_SLOTS,
    logLevel: e.BREAKWATER_LOG_LEVEL,
  });
}
