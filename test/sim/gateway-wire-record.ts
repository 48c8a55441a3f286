import path from 'node:path';
import { gatewayRecord } from '@breakwater/contract';
import { addMilliseconds, bytesToHex, type Id } from '@breakwater/kernel';
import { groupRoot, intervalAct, intervalLeaves, requestCommitment, rootOf } from '@breakwater/log';
import { z } from 'zod';
import { logKeysText } from '../../apps/server/src/platform/journal/log-keys.ts';
import { closeIntervals } from '../../apps/server/src/slices/frontier/gateway/record/close.ts';
import { requestSalt } from '../../apps/server/src/slices/frontier/gateway/record/commitment.ts';
import { judgeProof } from '../../apps/server/test/recording.ts';
import { auditHistory, auditJournal, filesOf } from './audit-log.ts';
import type { World } from './gateway-wire-world.ts';

const dayMs = 86_400_000;
/** Requests whose proof is asked for as a file, and judged as a stranger would. */
const proofs = 12;

const Bytes = z.instanceof(Uint8Array).transform((bytes) => new Uint8Array(bytes));
const Recorded = z.object({ id: z.string(), content: z.string(), salt: Bytes, commitment: Bytes });
const Interval = z.object({ id: z.string(), seed: Bytes, root: Bytes });
const Place = z.object({ interval: z.string(), place: z.number(), commitments: Bytes });

/**
 * Closes the interval and has the log signed; then holds every settlement against it: what is
 * recorded gives a commitment, which is in one interval once; each interval's root is an act of the
 * log; each act is in the log, and the log checks.
 */
export async function auditRecord(world: World): Promise<readonly string[]> {
  const { server } = world;
  const { database, sequencer } = server.services;
  const faults: string[] = [];
  await closeIntervals(server.services, { everyMs: 0 });
  const ask = async (text: string) => (await database.raw(text)).rows;
  const isPending = async () =>
    (await ask('select 1 from journal.entry where index is null limit 1')).length > 0;
  // A batch of the log has so many places and no more.
  const enterAll = async () => {
    while (await isPending()) {
      server.clock.set(addMilliseconds(server.clock.now(), dayMs));
      await sequencer.tick();
    }
  };
  await enterAll();
  const requests = z
    .array(Recorded)
    .parse(await ask('select id, content, salt, commitment from gateway.request'));
  const intervals = z
    .array(Interval)
    .parse(await ask('select id, seed, root from gateway.interval_root'));
  const places = z
    .array(Place)
    .parse(await ask('select interval, place, commitments from gateway.interval_place'));
  const acts = z
    .array(z.object({ content: z.string() }))
    .parse(await ask(`select content from journal.entry where act = '${intervalAct}'`));
  faults.push(...faultsOfCommitments(requests, places));
  faults.push(...faultsOfRoots({ intervals, places, acts }));
  faults.push(...(await faultsOfProofs(world, requests)));
  const directory = path.join(server.dataDirectory, 'log');
  const vkeys = logKeysText(server.services.signer, server.services.logOrigin).trim().split('\n');
  let journal: readonly string[] = [];
  // The server acts by itself too, as when it raises an incident, and may do so in between.
  do {
    await enterAll();
    journal = await auditJournal(database, { directory, vkeys }, []);
  } while (journal.length > 0 && (await isPending()));
  const newest = await filesOf(directory)('checkpoint');
  faults.push(
    ...journal,
    ...(await auditHistory(directory, vkeys, newest === null ? [] : [newest])),
  );
  return faults;
}

/** That what is recorded gives the commitment, by the packages' own code; and it is in one place. */
function faultsOfCommitments(
  requests: readonly z.infer<typeof Recorded>[],
  places: readonly z.infer<typeof Place>[],
): readonly string[] {
  const closed = new Map<string, number>();
  for (const { commitments } of places) {
    for (let at = 0; at < commitments.length; at += 32) {
      const name = bytesToHex(commitments.subarray(at, at + 32));
      closed.set(name, (closed.get(name) ?? 0) + 1);
    }
  }
  const faults = requests.flatMap(({ id, content, salt, commitment }) => {
    const made = requestCommitment(new Uint8Array(requestSalt(salt)), JSON.parse(content));
    if (bytesToHex(made) !== bytesToHex(commitment)) return [`${id} was committed to as another`];
    const times = closed.get(bytesToHex(commitment)) ?? 0;
    return times === 1 ? [] : [`${id} is in ${times} intervals`];
  });
  return closed.size === requests.length
    ? faults
    : [...faults, `${closed.size} commitments of ${requests.length} requests`];
}

function faultsOfRoots(of: {
  readonly intervals: readonly z.infer<typeof Interval>[];
  readonly places: readonly z.infer<typeof Place>[];
  readonly acts: readonly { readonly content: string }[];
}): readonly string[] {
  const told = of.acts.map(({ content }) => String(JSON.parse(content).data.root));
  const faults = of.intervals.flatMap(({ id, seed, root }) => {
    const taken = of.places
      .filter(({ interval }) => interval === id)
      .map(({ place, commitments }) => {
        const each = Array.from({ length: commitments.length / 32 }, (_, at) =>
          commitments.subarray(32 * at, 32 * (at + 1)),
        );
        return [place, { size: each.length, root: groupRoot(each) }] as const;
      });
    const made = bytesToHex(rootOf(intervalLeaves(new Map(taken), seed)));
    const isTold = told.includes(made) && made === bytesToHex(root);
    return isTold ? [] : [`the root of ${id} is no act of the log`];
  });
  return told.length === of.intervals.length ? faults : [...faults, 'acts without an interval'];
}

async function faultsOfProofs(
  { server, sides }: World,
  requests: readonly z.infer<typeof Recorded>[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  const step = Math.max(1, Math.floor(requests.length / proofs));
  for (const [at, { id }] of requests.entries()) {
    if (at % step !== 0) continue;
    const side = at % (2 * step) === 0 ? sides.developer : sides.caller;
    const params = { request: id as Id<'request'> }; // read from the column of ids
    const proof = await side.client.call(gatewayRecord.proof, { params });
    const judged = judgeProof(server, proof);
    if (judged !== 'holds') faults.push(`the proof of ${id}: ${judged}`);
  }
  return faults;
}
