import { randomBytes, randomInt } from 'node:crypto';
import { concatBytes, type Json, sha256 } from '@breakwater/kernel';
import {
  bucketOf,
  handleBytes,
  inputOf,
  nameOf,
  outputOf,
  type PrecheckKey,
  rootOf,
} from '@breakwater/precheck';
import { z } from 'zod';
import type { Event, JobRequest } from '../../../../platform/commands/commands.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import type { JobHandler } from '../../../../platform/queue/queue.ts';
import type { Services } from '../../../../services.ts';
import { createEpochKeys, slotBytes } from './keys.ts';
import type { PrecheckNeeds } from './needs.ts';
import {
  deleteHolder,
  type EpochRow,
  epochsKept,
  heldBy,
  insertKey,
  isKept,
  isKnown,
  putHolder,
  slotsTaken,
  writeSlot,
} from './store.ts';

const findingsPerJob = 50;

/** The jobs by which what arrived, or was erased, is known under every epoch as it is now. */
export function entersFor(events: readonly Event[]): readonly JobRequest[] {
  const findings = events.flatMap(findingIn);
  const jobs: JobRequest[] = [];
  for (let at = 0; at < findings.length; at += findingsPerJob) {
    const payload = { findings: findings.slice(at, at + findingsPerJob) };
    jobs.push({ job: 'deconflict.precheck-enter', payload });
  }
  return jobs;
}

function findingIn({ act, subject, data }: Event): readonly Json[] {
  if (act === 'correlate.opened' || act === 'correlate.joined') return [data['finding'] ?? subject];
  return act === 'record.erased' && subject.startsWith('finding_') ? [subject] : [];
}

const Arrived = z.object({ findings: z.array(z.string()) });

/** Enters findings under every epoch, off the path of any request. */
export function enterJob(services: Services, needs: PrecheckNeeds): JobHandler {
  return async (job) => {
    const { findings } = Arrived.parse(job.payload);
    const kept = await services.database.read((r) => epochsKept(r));
    // One without all its buckets is filled with everything that is here once it has them.
    const epochs = kept.filter((epoch) => epoch.filled_through !== null);
    if (epochs.length > 0) await enterFindings(services, needs, { findings, epochs });
  };
}

/** A key under an epoch, with all that has to be worked out before a transaction opens. */
interface Output {
  readonly name: Uint8Array;
  readonly bucket: number;
  readonly root: Uint8Array;
}

/**
 * Makes what is kept of each finding under each epoch what it has to be: its keys are known, and
 * those that it held and holds no longer are not. Any number of times is as good as once.
 */
export async function enterFindings(
  services: Services,
  needs: Pick<PrecheckNeeds, 'checkable'>,
  {
    findings,
    epochs,
  }: { readonly findings: readonly string[]; readonly epochs: readonly EpochRow[] },
): Promise<void> {
  const keysOf = createEpochKeys(services.content);
  const checkable = await needs.checkable(findings);
  for (const epoch of epochs) {
    const pair = await keysOf(epoch);
    if (pair === null) continue;
    for (const { finding, keys } of checkable) {
      const outputs = keys.map((key) => outputFor(pair.secretKey, epoch, key));
      await enter(services, { epoch, finding, outputs });
      // Hundreds in a row keep no request waiting.
      await new Promise((resolve) => void setImmediate(resolve));
    }
  }
  // What was erased meanwhile may have been entered after the job that takes it out again.
  const before = new Map(checkable.map((each) => [each.finding, each.keys.length]));
  const changed = (await needs.checkable(findings))
    .filter((each) => each.keys.length !== before.get(each.finding))
    .map((each) => each.finding);
  if (changed.length > 0) await enterFindings(services, needs, { findings: changed, epochs });
}

function outputFor(secretKey: Uint8Array, epoch: EpochRow, key: PrecheckKey): Output {
  const output = outputOf(secretKey, inputOf(key));
  const bucket = bucketOf(output, { prefixBits: epoch.prefix_bits });
  return { name: nameOf(output), bucket, root: rootOf(output) };
}

async function enter(
  { database }: Pick<Services, 'database'>,
  of: { readonly epoch: EpochRow; readonly finding: string; readonly outputs: readonly Output[] },
): Promise<void> {
  const { epoch, finding, outputs } = of;
  // What can be worked out again from the findings, like the search: no act of anybody.
  await database.write(async (tx) => {
    if (!(await isKept(tx, epoch.epoch))) return;
    const held = await heldBy(tx, epoch.epoch, finding);
    const wanted = new Map(outputs.map((output) => [hex(output.name), output]));
    for (const key of held) {
      if (wanted.delete(hex(key.name))) continue;
      await deleteHolder(tx, epoch.epoch, { name: key.name, finding });
      if (!key.alone || key.slot === null) continue;
      const at = { epoch: epoch.epoch, bucket: key.bucket, slot: key.slot };
      await writeSlot(tx, at, randomBytes(slotBytes));
    }
    for (const output of wanted.values()) await add(tx, epoch, { finding, output });
  });
}

async function add(
  tx: Transaction,
  { epoch, entries_per_bucket }: EpochRow,
  { finding, output }: { readonly finding: string; readonly output: Output },
): Promise<void> {
  const { name, bucket, root } = output;
  if (!(await isKnown(tx, epoch, name))) {
    const handle = new Uint8Array(randomBytes(handleBytes));
    const slot = await freeSlot(tx, { epoch, bucket, entries: entries_per_bucket });
    await insertKey(tx, epoch, { name, bucket, slot, handleHash: sha256(handle) });
    if (slot !== null) await writeSlot(tx, { epoch, bucket, slot }, concatBytes(root, handle));
  }
  await putHolder(tx, epoch, { name, finding });
}

/** Any free slot, by chance; null where the bucket is full: the next epoch is then larger. */
async function freeSlot(
  tx: Transaction,
  at: { readonly epoch: string; readonly bucket: number; readonly entries: number },
): Promise<number | null> {
  const taken = await slotsTaken(tx, at.epoch, at.bucket);
  const free = Array.from({ length: at.entries }, (_, i) => i).filter((i) => !taken.has(i));
  return free.length === 0 ? null : (free[randomInt(free.length)] ?? null);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
