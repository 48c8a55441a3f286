import { randomBytes } from 'node:crypto';
import {
  type Client,
  type PrecheckEpoch,
  ProblemError,
  precheck,
  precheckLimits,
} from '@breakwater/contract';
import {
  fromBase64,
  ok,
  type Refusal,
  type Result,
  refuse,
  toBase64,
  utf8,
} from '@breakwater/kernel';
import { parseVerifierKey } from '@breakwater/log';
import {
  type AskedEpoch,
  ask,
  checkCommitment,
  inputOf,
  type PrecheckKey,
} from '@breakwater/precheck';
import { need, Stop } from '../../stop.ts';
import { answered } from '../session.ts';

/** The newest epoch that the log commits to; what it does not commit to ends the command. */
export async function epochToAsk(client: Client, vkeys: readonly string[]): Promise<PrecheckEpoch> {
  const { epochs } = await answered(client.call(precheck.precheckKeys));
  const [epoch] = epochs;
  if (epoch === undefined) throw new Stop(notReady);
  const keys = vkeys.map((text) => need(parseVerifierKey(text)));
  need(checkCommitment(epoch, utf8(JSON.stringify(epoch.commitment)), keys));
  return epoch;
}

export interface Asked {
  /** By the text of each key: the handle, or null where it is not known. */
  readonly handles: ReadonlyMap<string, string | null>;
  readonly requests: number;
  /** Why the rest was not asked; null where all was. */
  readonly stopped: Refusal | null;
}

/** By what a key is told apart from every other. */
export function nameOf({ granularity, text }: PrecheckKey): string {
  return `${granularity}\n${text}`;
}

/** Asks for every key once, as many at a time as fit a request; a limit ends it early. */
export async function askAll(
  client: Client,
  epoch: PrecheckEpoch,
  keys: readonly PrecheckKey[],
): Promise<Asked> {
  const distinct = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const handles = new Map<string, string | null>();
  const said: AskedEpoch = { ...epoch, publicKey: bytes(epoch.publicKey) };
  const together = precheckLimits.elementsPerRequest;
  let requests = 0;
  for (let at = 0; at < distinct.length; at += together) {
    const some = distinct.slice(at, at + together);
    requests += 1;
    const told = await ask(
      some.map(inputOf),
      { epoch: said, elementsPerRequest: together },
      asking(client, epoch.epoch),
    );
    if (!told.ok && told.refusal.code === 'precheck-limit') {
      return { handles, requests, stopped: told.refusal };
    }
    const found = need(told);
    for (const [i, key] of some.entries()) {
      const handle = found[i] ?? null;
      handles.set(nameOf(key), handle === null ? null : toBase64(handle));
    }
  }
  return { handles, requests, stopped: null };
}

function asking(client: Client, epoch: string): Parameters<typeof ask>[2] {
  return {
    random: (length) => new Uint8Array(randomBytes(length)),
    async evaluate(elements) {
      const body = { epoch, elements: elements.map(toBase64) };
      const done = await limited(client.call(precheck.precheckEvaluate, { body }));
      if (!done.ok) return done;
      const { evaluated, proof } = done.value;
      return ok({ evaluated: evaluated.map(bytes), proof: bytes(proof) });
    },
    async buckets(numbers) {
      const body = { epoch, buckets: [...numbers] };
      const got = await limited(client.call(precheck.precheckBuckets, { body }));
      if (!got.ok) return got;
      return ok({ salt: bytes(got.value.salt), buckets: got.value.buckets.map(bytes) });
    },
  };
}

/** A limit is an answer; every other refusal ends the command in the server's words. */
async function limited<T>(call: Promise<T>): Promise<Result<T>> {
  try {
    return ok(await call);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'precheck-limit') {
      const { code, expected, got, todo } = error.problem;
      return refuse({ code, expected, got, todo });
    }
    return ok(await answered(Promise.reject(error)));
  }
}

/** What is no base64 has another length than all that is asked for, and is refused so. */
function bytes(base64: string): Uint8Array {
  return fromBase64(base64) ?? new Uint8Array();
}

const notReady = {
  code: 'precheck-not-ready',
  expected: 'a key that the log commits to',
  got: 'none yet',
  todo: 'ask again in a minute: a new server commits to its first key with the next checkpoint',
};
