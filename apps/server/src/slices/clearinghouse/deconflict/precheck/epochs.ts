import { randomBytes } from 'node:crypto';
import { precheckLimits } from '@breakwater/contract';
import { addMilliseconds, type Instant, ok, toBase64 } from '@breakwater/kernel';
import { bucketParameters, commitmentAct, epochContent, epochIdOf } from '@breakwater/precheck';
import { levels, system } from '../../../../platform/commands/audience.ts';
import type { Services } from '../../../../services.ts';
import { enterFindings } from './enter.ts';
import { keysFrom, slotBytes } from './keys.ts';
import type { PrecheckNeeds } from './needs.ts';
import {
  countBuckets,
  countKeys,
  deleteEpoch,
  type EpochRow,
  epochsKept,
  insertEpoch,
  isCrowded,
  noteFilled,
  putBuckets,
} from './store.ts';
import { forgetUse } from './use/store.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** Findings that are entered at once when a new epoch is filled. */
const findingsPerTurn = 50;
const bucketsPerCommand = 64;
const seedBytes = 32;

/**
 * Brings the epochs to where they have to be: those that are over are taken away with their keys, a
 * new one is begun when the newest is a week old or one of its buckets was full, and what was begun
 * is filled with all that is known here. Every process may call it at any time; what one leaves
 * half done another goes on with.
 */
export async function keepEpochs(services: Services, needs: PrecheckNeeds): Promise<void> {
  const now = services.clock.now();
  const kept = await services.database.read((r) => epochsKept(r));
  for (const epoch of kept.filter((row) => row.ends_at <= now)) await end(services, epoch);
  const [newest] = kept.filter((row) => row.ends_at > now);
  if (newest === undefined || (await isDue(services, newest, now))) {
    await begin(services, needs, newest ?? null);
  }
  const begun = await services.database.read((r) => epochsKept(r));
  for (const epoch of begun.filter((row) => row.filled_at === null)) {
    await fill(services, needs, epoch);
  }
}

async function isDue({ database, content }: Services, epoch: EpochRow, now: Instant) {
  if (epoch.filled_at === null) return false;
  if (addMilliseconds(epoch.begins_at, precheckLimits.epochDays * dayMs) <= now) return true;
  if (!(await content.holds(epoch.seed_content))) return true;
  return await database.read((r) => isCrowded(r, epoch.epoch));
}

/**
 * Begins an epoch. Its secret key is made of 32 random bytes in the content store and the instance's
 * own secret, both beside the content's keys: neither is in the database, and erasing the bytes when
 * the epoch is over takes the key out of the world.
 */
async function begin(
  services: Services,
  needs: Pick<PrecheckNeeds, 'countFindings'>,
  before: EpochRow | null,
): Promise<void> {
  const { database, content, clock } = services;
  const number = (before?.number ?? 0) + 1;
  const keys =
    before === null
      ? 2 * (await database.read((r) => needs.countFindings(r)))
      : await database.read((r) => countKeys(r, before.epoch));
  const shape = bucketParameters(keys);
  const seed = new Uint8Array(randomBytes(seedBytes));
  const ref = await content.put(seed, {
    name: 'precheck-seed.bin',
    mediaType: 'application/octet-stream',
  });
  const { publicKey } = keysFrom(content, seed);
  const epoch = epochIdOf(publicKey);
  const from = clock.now();
  const until = addMilliseconds(from, precheckLimits.validDays * dayMs);
  const envelope = {
    actor: system,
    operation: commitmentAct,
    idempotencyKey: `precheck-epoch:${epoch}`,
    request: { epoch },
  };
  await services.execute<null>(envelope, async (tx) => {
    const [newest] = await epochsKept(tx);
    // Another server was faster; what was put for this one is swept.
    if (newest !== undefined && newest.number >= number) return ok({ events: [], response: null });
    await insertEpoch(tx, {
      epoch,
      number,
      seed_content: ref.id,
      public_key: publicKey,
      prefix_bits: shape.prefixBits,
      entries_per_bucket: shape.entriesPerBucket,
      buckets_per_request: shape.bucketsPerRequest,
      begins_at: from,
      ends_at: until,
    });
    const said = { epoch, publicKey: toBase64(publicKey), from, until, ...shape };
    return ok({
      events: [{ act: commitmentAct, subject: epoch, data: epochContent(said) }],
      contents: [{ ref, subject: epoch, level: levels.all }],
      response: null,
    });
  });
}

async function fill(services: Services, needs: PrecheckNeeds, epoch: EpochRow): Promise<void> {
  if (epoch.filled_through === null) {
    await fillBuckets(services, epoch);
    // From here on what arrives is entered as it comes; what came before is read below.
    await note(services, epoch, { through: '', done: false });
  }
  let at = epoch.filled_through ?? '';
  for (;;) {
    const findings = await nextFindings(services, needs, at);
    await enterFindings(services, needs, { findings, epochs: [epoch] });
    at = findings.at(-1) ?? at;
    const done = findings.length < findingsPerTurn;
    await note(services, epoch, { through: at, done });
    if (done) return;
  }
}

async function nextFindings(
  { database }: Services,
  needs: PrecheckNeeds,
  after: string,
): Promise<readonly string[]> {
  return await database.read((r) => needs.findingsBeyond(r, after, findingsPerTurn));
}

async function note(
  services: Services,
  { epoch }: EpochRow,
  { through, done }: { readonly through: string; readonly done: boolean },
): Promise<void> {
  const envelope = {
    actor: system,
    operation: 'deconflict.precheck-fill',
    idempotencyKey: `precheck-fill:${epoch}:${through}:${done}`,
    request: { epoch, through, done },
  };
  await services.execute<null>(envelope, async (tx, now) => {
    await noteFilled(tx, epoch, { through, doneAt: done ? now : null });
    if (done) await forgetUse(tx, now);
    return ok({ events: [], response: null });
  });
}

/** Writes all buckets of an epoch, full of random bytes; those that are there stay. */
async function fillBuckets(services: Services, row: EpochRow): Promise<void> {
  const all = 2 ** row.prefix_bits;
  if ((await services.database.read((r) => countBuckets(r, row.epoch))) === all) return;
  for (let from = 0; from < all; from += bucketsPerCommand) {
    const buckets = new Map<number, Uint8Array>();
    for (let bucket = from; bucket < Math.min(all, from + bucketsPerCommand); bucket++) {
      buckets.set(bucket, randomBytes(row.entries_per_bucket * slotBytes));
    }
    const envelope = {
      actor: system,
      operation: 'deconflict.precheck-fill',
      idempotencyKey: `precheck-buckets:${row.epoch}:${from}`,
      request: { epoch: row.epoch, from },
    };
    await services.execute<null>(envelope, async (tx) => {
      await putBuckets(tx, row.epoch, buckets);
      return ok({ events: [], response: null });
    });
  }
}

/** The rows first: a crash in between leaves a seed that opens nothing, for the sweep. */
async function end(services: Services, { epoch, seed_content }: EpochRow): Promise<void> {
  const envelope = {
    actor: system,
    operation: 'deconflict.precheck-end',
    idempotencyKey: `precheck-end:${epoch}`,
    request: { epoch },
  };
  await services.execute<null>(envelope, async (tx) => {
    await deleteEpoch(tx, epoch);
    const event = { act: 'deconflict.precheck-key-ended', subject: epoch, data: { epoch } };
    return ok({ events: [event], response: null });
  });
  await services.content.erase(seed_content);
}
