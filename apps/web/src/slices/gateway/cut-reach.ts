import type { Cut, GatewayKey } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';

/** What a cut-off can be of. */
export const cutKinds = ['gkey', 'member', 'party', 'window', 'tier', 'model'] as const;
export type CutKind = (typeof cutKinds)[number];

export interface Target {
  readonly of: Cut['of'];
  readonly kind: CutKind;
  readonly label: string;
}

/** Everything that can be cut off, as the keys on one's models name it, each once. */
export function targetsIn(
  keys: readonly GatewayKey[],
  nameOf: (of: string) => string,
): readonly Target[] {
  const targets = new Map<string, Target>();
  const add = (target: Target) => targets.set(target.of, target);
  for (const gkey of keys.filter(isStanding)) {
    const { id, name, holder, party, of, model } = gkey;
    add({ of: id, kind: 'gkey', label: `${name ?? 'name erased'}, ${party.name}` });
    add({ of: holder.id, kind: 'member', label: `${holder.name ?? 'name erased'}, ${party.name}` });
    const ofParty = parseId('party', party.id);
    if (ofParty !== null) add({ of: ofParty, kind: 'party', label: party.name });
    add({ of, kind: of.startsWith('window_') ? 'window' : 'tier', label: nameOf(of) });
    if (model !== null) add({ of: model, kind: 'model', label: nameOf(model) });
  }
  return [...targets.values()].toSorted((a, b) => (a.label < b.label ? -1 : 1));
}

/** The keys that a cut-off stops, of those that work now. */
export function stoppedBy(of: string, keys: readonly GatewayKey[]): readonly GatewayKey[] {
  return keys.filter(
    (gkey) =>
      gkey.active &&
      [gkey.id, gkey.holder.id, gkey.party.id, gkey.of, gkey.model].some((each) => each === of),
  );
}

/** The cut-off of one thing that stands, as the keys tell it. */
export function cutOf(of: string, keys: readonly GatewayKey[]): Cut | null {
  const cuts = keys.flatMap((gkey) => gkey.cuts);
  return cuts.find((cut) => cut.of === of && cut.liftedAt === null) ?? null;
}

function isStanding({ missing }: GatewayKey): boolean {
  return !missing.includes('ended') && !missing.includes('expired');
}
