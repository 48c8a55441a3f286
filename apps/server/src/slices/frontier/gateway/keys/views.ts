import { type Cut, type GatewayKey, upstreamKinds } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';
import type { CutRow } from '../cut/store.ts';
import type { UpstreamRow } from '../upstreams/store.ts';
import { goodUntil, proofOf } from './book.ts';
import type { HolderRow } from './holder-store.ts';
import type { KeyLook } from './look.ts';
import type { KeyRow } from './store.ts';

type Ports = Pick<Services, 'content' | 'directory'>;

/** A key as both its sides read it. */
export async function keyView(
  ports: Ports,
  look: KeyLook,
  { now, reader }: { readonly now: Instant; readonly reader: string },
): Promise<GatewayKey> {
  const { content, directory } = ports;
  const { key, holder, words, limits, missing } = look;
  return {
    id: key.id,
    name: await content.getText(key.name_content),
    holder: await holderView(ports, key, holder),
    party: await directory.refOf(key.party),
    developer: await directory.refOf(key.developer),
    standsOn: key.stands_on,
    of: key.scope,
    gives: look.stand?.gives ?? 'raw-access',
    model: reader === key.developer ? (look.stand?.model ?? null) : null,
    names: words.names,
    speaks: speaksOf(look.upstreams),
    limits,
    proof: proofOf(key),
    keepsFor: words.keepsFor,
    usageInStreams: key.usage_in_streams,
    issuedAt: key.at,
    until: goodUntil(look),
    endedAt: key.ended_at,
    active: missing.length === 0,
    missing: [...missing],
    cuts: await Promise.all(look.cuts.map((row) => cutView(ports, row))),
    asOf: now,
  };
}

/** Who uses a key; the name is null where it was erased. */
export async function holderView(
  { content, directory }: Ports,
  { holder: id, party }: Pick<KeyRow, 'holder' | 'party'>,
  holder: HolderRow | null,
): Promise<GatewayKey['holder']> {
  const name = holder === null ? null : await content.getText(holder.name_content);
  return { id, name, party: await directory.refOf(party) };
}

/** In which forms endpoints are spoken to. */
export function speaksOf(upstreams: readonly Pick<UpstreamRow, 'kind'>[]): GatewayKey['speaks'] {
  return upstreamKinds.filter((kind) => upstreams.some((each) => each.kind === kind));
}

export async function cutView({ content, directory }: Ports, row: CutRow): Promise<Cut> {
  return {
    id: row.id,
    of: row.subject,
    by: await directory.refOf(row.party),
    at: row.at,
    reason: await content.getText(row.reason_content),
    liftedAt: row.lifted_at,
  };
}
