import type { Disclosure, RequestProof } from '@breakwater/contract';
import { type Id, ok, type Result, refuse, toBase64 } from '@breakwater/kernel';
import { groupRoot, intervalAct, intervalLeaves, leafHash, pathAmong } from '@breakwater/log';
import { z } from 'zod';
import type { Database } from '../../../../platform/database/database.ts';
import { notYetSigned } from '../../../../platform/journal/not-yet-signed.ts';
import { intervalMs } from './close.ts';
import { insideSalt, requestSalt } from './commitment.ts';
import { commitmentsIn } from './commitments.ts';
import { closedWith, placesIn, type StoredRequest } from './store.ts';

/** What proofs of requests stand on. */
export interface ProofNeeds {
  /** The act that closed an interval, with its proof; null until it is under a signed checkpoint. */
  disclosureOf(interval: Id<'interval'>, act: string): Promise<Disclosure | null>;
  /** From one batch of the log to the next. */
  readonly logCadenceMs: number;
}

const Content = z.record(z.string(), z.json());

/**
 * The proof of a request (docs/log-format.md), for one of its two sides: the developer's holds the
 * part that the other is not told. Rebuilt of what was stored when its interval closed: at most 4,096
 * commitments of the group, 50 to 100 ms of hashing, and 1,024 places.
 */
export async function proofOf(
  database: Pick<Database, 'read'>,
  request: StoredRequest,
  needs: ProofNeeds & { readonly isDeveloper: boolean },
): Promise<Result<RequestProof>> {
  const closed = await database.read((r) => closedWith(r, request));
  const entry = closed === null ? null : await needs.disclosureOf(closed.interval, intervalAct);
  if (closed === null || entry === null) {
    return refuse(notYetSigned(needs.logCadenceMs + (closed === null ? intervalMs : 0)));
  }
  const commitments = commitmentsIn(closed.commitments);
  const own = Buffer.from(request.commitment);
  const index = commitments.findIndex((each) => own.equals(each));
  const places = await database.read((r) => placesIn(r, closed.interval));
  const taken = new Map(places.map((each) => [each.place, each] as const));
  const leaves = intervalLeaves(taken, new Uint8Array(closed.seed));
  const salt = new Uint8Array(request.salt);
  const inside = {
    salt: toBase64(insideSalt(salt)),
    content: Content.parse(JSON.parse(request.inside)),
  };
  return ok({
    format: 'breakwater request proof v1' as const,
    salt: toBase64(requestSalt(salt)),
    request: Content.parse(JSON.parse(request.content)),
    ...(needs.isDeveloper ? { inside } : {}),
    group: {
      index,
      size: commitments.length,
      root: toBase64(groupRoot(commitments)),
      proof: (await pathAmong(commitments.map(leafHash), index)).map(toBase64),
    },
    interval: {
      place: closed.place,
      proof: (await pathAmong(leaves, closed.place)).map(toBase64),
    },
    entry,
  });
}
