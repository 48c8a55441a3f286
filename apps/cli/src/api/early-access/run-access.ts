import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { earlyAccess, idOf } from '@breakwater/contract';
import type { AccessAnswer, AccessPort } from '@breakwater/evaluator';
import { readOwnText } from '@breakwater/evaluator/files';
import { type Id, utf8 } from '@breakwater/kernel';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { replaceFile } from '../../files.ts';
import { need, Stop } from '../../stop.ts';
import { lineTo, reach } from '../evaluate/reach.ts';
import { parse } from '../request.ts';
import { addressOf } from '../session.ts';

const bytesMax = 64 * 1024;
/** Between two questions while a call is under way, and how long an answer is waited for. */
const everyMs = 1_000;
const waitMs = 3_000;

/** What a command line says of a grant. */
export const GrantOptions = z.object({
  grant: z.string().optional(),
  purpose: z.string().optional(),
});

/** By which grant a folder's run calls its model: `access.json`. No key stands in it. */
const AccessLink = z.strictObject({
  format: z.literal('breakwater-run-access/1'),
  server: z.string(),
  grant: idOf('grant'),
  purpose: z.string(),
});
export type AccessLink = z.infer<typeof AccessLink>;

/** null: no grant was named, and nobody is asked. */
export function newAccess(
  { grant, purpose }: z.infer<typeof GrantOptions>,
  server: string | undefined,
): AccessLink | null {
  if (grant === undefined) {
    if (purpose === undefined) return null;
    throw missing('--grant, whose purpose this is', 'name the grant, or leave --purpose out');
  }
  if (server === undefined) throw missing('--server, whose grant this is', 'name the server');
  if (purpose === undefined) {
    throw missing('--purpose, what access is used for', 'say it in a sentence; it is recorded');
  }
  return {
    format: 'breakwater-run-access/1',
    server: addressOf(server),
    grant: parse(idOf('grant'), grant, '--grant'),
    purpose,
  };
}

/** The grant of a run that was begun with one. Your key goes to the server that it names. */
export async function readAccess(folder: string): Promise<AccessLink | null> {
  const text = await readOwnText(path.join(folder, 'access.json'), bytesMax);
  if (!text.ok && text.refusal.code === 'file-missing') return null;
  const link = parse(AccessLink, jsonOf(need(text)), 'access.json');
  return { ...link, server: addressOf(link.server) };
}

export async function writeAccess(folder: string, link: AccessLink): Promise<void> {
  const text = `${JSON.stringify(link, null, 2)}\n`;
  await replaceFile(path.join(folder, 'access.json'), utf8(text));
}

/**
 * Asks the server that holds the grant. What it cannot be asked does not hold: a server that is away
 * ends access as one that says no does.
 */
export class RunAccess implements AccessPort {
  readonly everyMs = everyMs;
  readonly #link: AccessLink;
  readonly #to: { readonly given: Given; readonly context: Context };
  readonly #once = randomUUID();
  #use: Promise<Id<'use'>> | null = null;
  #calls = 0;

  constructor(link: AccessLink, to: { readonly given: Given; readonly context: Context }) {
    this.#link = link;
    this.#to = to;
  }

  readonly ask = async (calls: number, signal: AbortSignal): Promise<AccessAnswer> => {
    this.#calls = calls;
    const { call } = this.#line(signal);
    const reached = await reach(async () => {
      this.#use ??= this.#begin(signal);
      return await call(earlyAccess.use, { params: { use: await this.#use }, body: { calls } });
    });
    signal.throwIfAborted();
    if (reached.kind === 'done') {
      // Both by the server's clock: how this machine's goes does not matter.
      const { until, asOf } = reached.value;
      return { holds: true, forMs: Date.parse(until) - Date.parse(asOf) };
    }
    if (reached.kind === 'away') return { holds: false, why: `not to be asked: ${reached.why}` };
    const { code, got } = reached.refusal;
    return { holds: false, why: `${code}: ${got}` };
  };

  /** Ends the session of use, where it can. */
  async end(): Promise<void> {
    const use = (await this.#use?.catch(() => null)) ?? null;
    if (use === null) return;
    const { call } = this.#line(new AbortController().signal);
    const body = { calls: this.#calls };
    await reach(async () => call(earlyAccess.endUse, { params: { use }, body }));
  }

  async #begin(signal: AbortSignal): Promise<Id<'use'>> {
    const { grant, purpose } = this.#link;
    const { use } = await this.#line(signal).call(earlyAccess.beginUse, {
      params: { grant },
      body: { purpose },
      idempotencyKey: `use-${this.#once}`,
    });
    return use;
  }

  #line(signal: AbortSignal) {
    const { given, context } = this.#to;
    return lineTo(this.#link.server, { given, context: { ...context, signal }, waitMs });
  }
}

function missing(expected: string, todo: string): Stop {
  return new Stop({ code: 'option-missing', expected, got: 'none', todo });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
