import { type KeyCondition, quotaKinds } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { allotmentWords } from '../allotments/routes.ts';
import { type AllotmentRow, type AllotmentWords, findAllotment } from '../allotments/store.ts';
import { type CutRow, cutsOn } from '../cut/store.ts';
import { always, fromsAt } from '../meters/spans.ts';
import type { KeyLimits, Quota } from '../model.ts';
import type { GatewayNeeds } from '../needs.ts';
import { type Stand, standOf } from '../stand.ts';
import { takenBefore, wholeLivesOf } from '../traffic/store.ts';
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

/**
 * What the keys of a grant or a partnership have of what was allotted to it, and what is left. A grant
 * may have thousands of keys that are over, and this is asked for with every look: of those that were
 * over before today nothing counts but what they took, so that they are added up where they are.
 */
export async function dealtOn(
  reader: Reader,
  {
    stand,
    allotted,
    now,
  }: { readonly stand: string; readonly allotted: KeyLimits; readonly now: Instant },
): Promise<Deal & { readonly keys: readonly KeyRow[] }> {
  const within = { stand, since: fromsAt(now).day };
  const keys = await keysOn(reader, within);
  const over = keys.filter((key) => overAt(key, now) !== null).map(({ id }) => id);
  const took = new Map<string, Record<string, number>>();
  for (const { key, kind, used, leased } of await wholeLivesOf(reader, over)) {
    took.set(key, { ...took.get(key), [kind]: used + leased });
  }
  const tookBefore = new Map<number, Record<string, number>>();
  const limited = quotaKinds.filter((kind) => allotted.grant[kind] !== undefined);
  for (const { place, kind, took: taken } of await takenBefore(reader, within, limited)) {
    tookBefore.set(place, { ...tookBefore.get(place), [kind]: taken });
  }
  const before = (place: number): readonly DealtTo[] => {
    const all = tookBefore.get(place);
    if (all === undefined) return [];
    const of = { id: `before ${place}`, limits: allotted, overAt: always };
    return [{ ...of, took: { ...nothing, ...all } }];
  };
  const inOrder = keys.flatMap((key, i) => [...before(i), dealtTo(key, took.get(key.id), now)]);
  const dealt = deal(allotted, [...inOrder, ...before(keys.length)], now);
  return { ...dealt, keys };
}

const nothing: Quota = { requests: 0, inputTokens: 0, outputTokens: 0, costMicros: 0 };

function dealtTo(key: KeyRow, took: Quota | undefined, now: Instant): DealtTo {
  const overSince = overAt(key, now);
  return { id: key.id, limits: key.limits, overAt: overSince, took: { ...nothing, ...took } };
}

/** When a key ended, by an act or its date; null: it goes on. */
export function overAt(key: KeyRow, now: Instant): Instant | null {
  const ends = [key.ended_at, now >= key.expires_at ? key.expires_at : null];
  return ends.filter((each) => each !== null).toSorted()[0] ?? null;
}
