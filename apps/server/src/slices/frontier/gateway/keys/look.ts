import type { KeyCondition } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { allotmentWords } from '../allotments/routes.ts';
import { type AllotmentRow, type AllotmentWords, findAllotment } from '../allotments/store.ts';
import { type CutRow, cutsOn } from '../cut/store.ts';
import type { KeyLimits, Quota } from '../model.ts';
import type { GatewayNeeds } from '../needs.ts';
import { type Stand, standOf } from '../stand.ts';
import { wholeLivesOf } from '../traffic/store.ts';
import { type UpstreamRow, upstreamsOf } from '../upstreams/store.ts';
import { findHolder, type HolderRow } from './holder-store.ts';
import { type Deal, type DealtTo, deal } from './limits.ts';
import { missingOf } from './standing.ts';
import { type KeyRow, keysOn } from './store.ts';

/** What stands between a key and the model at one moment. */
export interface KeyLook {
  readonly key: KeyRow;
  readonly stand: Stand | null;
  readonly allotment: AllotmentRow | null;
  readonly words: AllotmentWords;
  /** As they hold now (GAT-8). */
  readonly limits: KeyLimits;
  /** Those that are used, whose prices are in the currency of the limits. */
  readonly upstreams: readonly UpstreamRow[];
  readonly cuts: readonly CutRow[];
  readonly holder: HolderRow | null;
  readonly missing: readonly KeyCondition[];
}

/** Reads all that a key stands on; the one place that says whether it is taken. */
export async function lookAt(
  reader: Reader,
  ports: { readonly content: Services['content']; readonly needs: GatewayNeeds },
  { key, now }: { readonly key: KeyRow; readonly now: Instant },
): Promise<KeyLook> {
  const stand = await standOf(reader, ports.needs, { id: key.stands_on, now });
  const allotment = await findAllotment(reader, key.scope);
  const words =
    allotment === null ? { names: [], keepsFor: [] } : await allotmentWords(ports, allotment);
  const dealt =
    allotment === null
      ? null
      : await dealtOn(reader, { stand: key.stands_on, allotted: allotment.limits, now });
  // What is over is shown with what it had.
  const goesOn = overAt(key, now) === null;
  const limits = (goesOn ? dealt?.limits.get(key.id) : undefined) ?? key.limits;
  const all = stand === null ? [] : await upstreamsOf(reader, stand.model);
  const { currency } = limits;
  const upstreams = all.filter(({ prices }) => currency === null || prices.currency === currency);
  const about = [
    key.id,
    key.holder,
    key.party,
    key.scope,
    ...(stand === null ? [] : [stand.model]),
  ];
  const cuts = await cutsOn(reader, about, [key.party, key.developer]);
  const holder = await findHolder(reader, key.holder);
  const missing = missingOf(
    {
      endedAt: key.ended_at,
      expiresAt: key.expires_at,
      proof: key.proof,
      stand,
      allotted: allotment && { demandsProof: allotment.demands_proof, names: words.names.length },
      cuts: cuts.length,
      isHolderHere: holder?.here === true,
      upstreams: upstreams.length,
    },
    now,
  );
  return { key, stand, allotment, words, limits, upstreams, cuts, holder, missing };
}

/** What the keys of a grant or a partnership have of what was allotted to it, and what is left. */
export async function dealtOn(
  reader: Reader,
  of: { readonly stand: string; readonly allotted: KeyLimits; readonly now: Instant },
): Promise<Deal & { readonly keys: readonly KeyRow[] }> {
  const keys = await keysOn(reader, of.stand);
  const over = keys.filter((key) => overAt(key, of.now) !== null).map(({ id }) => id);
  const took = new Map<string, Record<string, number>>();
  for (const { key, kind, used, leased } of await wholeLivesOf(reader, over)) {
    took.set(key, { ...took.get(key), [kind]: used + leased });
  }
  const dealt = deal(
    of.allotted,
    keys.map((key) => dealtTo(key, took.get(key.id), of.now)),
    of.now,
  );
  return { ...dealt, keys };
}

function dealtTo(key: KeyRow, took: Quota | undefined, now: Instant): DealtTo {
  const nothing = { requests: 0, inputTokens: 0, outputTokens: 0, costMicros: 0 };
  const overSince = overAt(key, now);
  return { id: key.id, limits: key.limits, overAt: overSince, took: { ...nothing, ...took } };
}

/** When a key ended, by an act or its date; null: it goes on. */
export function overAt(key: KeyRow, now: Instant): Instant | null {
  const ends = [key.ended_at, now >= key.expires_at ? key.expires_at : null];
  return ends.filter((each) => each !== null).toSorted()[0] ?? null;
}
