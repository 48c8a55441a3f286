import { randomBytes } from 'node:crypto';
import { type PrecheckEpoch, precheck, precheckLimits } from '@breakwater/contract';
import {
  fromBase64,
  type Instant,
  ok,
  type Refusal,
  type Result,
  refuse,
  toBase64,
} from '@breakwater/kernel';
import { commitmentAct, evaluate, suite } from '@breakwater/precheck';
import type { Envelope } from '../../../../platform/commands/commands.ts';
import { type Call, type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { createEpochKeys, type FindEpochKeys } from './keys.ts';
import { knockRoutes } from './knock/routes.ts';
import type { PrecheckNeeds } from './needs.ts';
import { sealBucket } from './seal.ts';
import { bucketsOf, type EpochRow, epochsKept } from './store.ts';
import { countUse, limitsOf, overLimit, type Use, useOfAll } from './use/store.ts';

const saltBytes = 32;

/** What the operations of the pre-check stand on. */
interface Asking {
  readonly services: Services;
  readonly needs: PrecheckNeeds;
  readonly keysOf: FindEpochKeys;
  /** Epochs whose entry was seen under a signed checkpoint: it does not leave it again. */
  readonly committed: Set<string>;
  /** What everybody is shown of an epoch, for as long as the log is as long as it was. */
  readonly shown: Map<string, { readonly size: number; readonly view: PrecheckEpoch }>;
}

/** The operations of the pre-check. */
export function precheckRoutes(services: Services, needs: PrecheckNeeds): readonly Route[] {
  const keysOf = createEpochKeys(services.content);
  const asking: Asking = { services, needs, keysOf, committed: new Set(), shown: new Map() };
  return [
    route(precheck.precheckKeys, async ({ now }) => {
      const kept = await services.database.read((r) => epochsKept(r));
      const epochs = await Promise.all(openAt(kept, now).map((row) => epochView(asking, row)));
      const own = limitsOf(services.precheckElementsPerDay);
      return ok({
        suite,
        limits: {
          ...precheckLimits,
          evaluationsPerDay: own.evaluations,
          bucketRequestsPerDay: own.bucketRequests,
        },
        epochs: epochs.filter((epoch) => epoch !== null),
      });
    }),
    route(precheck.precheckEvaluate, (call) => evaluateFor(asking, call)),
    route(precheck.precheckBuckets, (call) => bucketsFor(asking, call)),
    route(precheck.precheckUse, async ({ now }) => {
      const rows = await services.database.read((r) => useOfAll(r, now));
      const items = await Promise.all(
        rows.map(async ({ party, ...used }) => ({
          party: await services.directory.refOf(party),
          ...used,
        })),
      );
      return ok({ items });
    }),
    ...knockRoutes(services, needs),
  ];
}

function openAt(kept: readonly EpochRow[], now: Instant): readonly EpochRow[] {
  return kept.filter((row) => row.filled_at !== null && row.ends_at > now);
}

async function epochView(
  { services, needs, shown }: Asking,
  row: EpochRow,
): Promise<PrecheckEpoch | null> {
  const size = services.sequencer.size();
  const before = shown.get(row.epoch);
  if (before?.size === size) return before.view;
  const commitment = await needs.disclosureOf(row.epoch, commitmentAct);
  if (commitment === null) return null;
  const view = {
    epoch: row.epoch,
    publicKey: toBase64(new Uint8Array(row.public_key)),
    from: row.begins_at,
    until: row.ends_at,
    prefixBits: row.prefix_bits,
    entriesPerBucket: row.entries_per_bucket,
    bucketsPerRequest: row.buckets_per_request,
    commitment,
  };
  shown.set(row.epoch, { size, view });
  return view;
}

/** The epoch of a request: filled, not over, and committed under a signed checkpoint. */
async function epochOf(
  { services, needs, committed }: Asking,
  { epoch, now }: { readonly epoch: string; readonly now: Instant },
): Promise<EpochRow | null> {
  const kept = await services.database.read((r) => epochsKept(r));
  const row = openAt(kept, now).find((each) => each.epoch === epoch);
  if (row === undefined) return null;
  if (!committed.has(epoch) && (await needs.disclosureOf(epoch, commitmentAct)) !== null) {
    committed.add(epoch);
  }
  return committed.has(epoch) ? row : null;
}

/**
 * Evaluates what nobody here can read. The work is the same for all that could be asked: what is
 * known is not looked at.
 */
async function evaluateFor(
  asking: Asking,
  { body, actor, now, envelope }: Call<typeof precheck.precheckEvaluate>,
) {
  const row = await epochOf(asking, { epoch: body.epoch, now });
  const keys = row === null ? null : await asking.keysOf(row);
  if (keys === null) return refuse(epochUnknown);
  const use = { evaluations: body.elements.length };
  const counted = await count(asking.services, { envelope, party: actor.id, use });
  if (!counted.ok) return counted;
  const elements = body.elements.map((element) => fromBase64(element) ?? new Uint8Array());
  const done = evaluate(keys, elements, (length) => new Uint8Array(randomBytes(length)));
  if (!done.ok) return done;
  const { evaluated, proof } = done.value;
  return ok({ epoch: body.epoch, evaluated: evaluated.map(toBase64), proof: toBase64(proof) });
}

/** Seals whole buckets anew: as many and as large for everybody, whatever is in them. */
async function bucketsFor(
  asking: Asking,
  { body, actor, now, envelope }: Call<typeof precheck.precheckBuckets>,
) {
  const { services } = asking;
  const row = await epochOf(asking, { epoch: body.epoch, now });
  if (row === null) return refuse(epochUnknown);
  const there = 2 ** row.prefix_bits;
  const distinct = new Set(body.buckets.filter((bucket) => bucket < there));
  if (body.buckets.length !== row.buckets_per_request || distinct.size !== body.buckets.length) {
    return refuse(miscounted(row, there));
  }
  const counted = await count(services, { envelope, party: actor.id, use: { bucketRequests: 1 } });
  if (!counted.ok) return counted;
  const kept = await services.database.read((r) => bucketsOf(r, row.epoch, body.buckets));
  const salt = new Uint8Array(randomBytes(saltBytes));
  const buckets: string[] = [];
  for (const bucket of body.buckets) {
    const slots = kept.get(bucket);
    if (slots === undefined) throw new Error(`epoch ${row.epoch} has no bucket ${bucket}`);
    buckets.push(toBase64(sealBucket(slots, { epoch: row.epoch, salt })));
    // Between two, others are served.
    await new Promise((resolve) => void setImmediate(resolve));
  }
  return ok({ epoch: row.epoch, salt: toBase64(salt), buckets });
}

/** So long a request may be sent again without being counted: an answer was lost on its way. */
const resendMs = 10 * 60 * 1_000;

/**
 * Counts a request before it is answered. A request sent again with its key is answered anew and not
 * counted twice, for a while: whoever went on asking would learn for nothing when what it asks for
 * came.
 */
async function count(
  services: Pick<Services, 'execute' | 'precheckElementsPerDay' | 'clock'>,
  of: { readonly envelope: Envelope; readonly party: string; readonly use: Partial<Use> },
): Promise<Result<null>> {
  const limits = limitsOf(services.precheckElementsPerDay);
  const once = async (envelope: Envelope) =>
    await services.execute<{ free: Instant | null; at: Instant }>(envelope, async (tx, now) => {
      const free = await countUse(tx, of.party, { use: of.use, now, limits });
      return ok({ events: [], response: { free, at: now } });
    });
  const first = await once(of.envelope);
  if (!first.ok) return first;
  const late = Math.floor(
    (Date.parse(services.clock.now()) - Date.parse(first.value.response.at)) / resendMs,
  );
  // No key of a request has a space in it.
  const idempotencyKey = `${of.envelope.idempotencyKey} ${late}`;
  const counted = late > 0 ? await once({ ...of.envelope, idempotencyKey }) : first;
  if (!counted.ok) return counted;
  const { free } = counted.value.response;
  return free === null ? ok(null) : refuse(overLimit(free, limits));
}

const epochUnknown: Refusal<'epoch-unknown'> = {
  code: 'epoch-unknown',
  expected: 'the id of an epoch that deconflict.precheck-keys lists',
  got: 'another, or one that is over',
  todo: 'fetch the keys and begin again with the newest: what was evaluated under the old one is of no use',
};

function miscounted(row: EpochRow, there: number): Refusal<'buckets-miscounted'> {
  return {
    code: 'buckets-miscounted',
    expected: `${row.buckets_per_request} different buckets, each from 0 to ${there - 1}`,
    got: 'another number of them, one twice, or one that is not there',
    todo: 'fill up with buckets by chance: every request under one epoch looks alike',
    pointer: '/buckets',
  };
}
