import { type Id, type Instant, parseId } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';
import type { KeyGrant } from './model.ts';
import type { Behind, GatewayNeeds } from './needs.ts';

/** A grant of early access or a partnership, as keys stand on it. */
export interface Stand {
  readonly id: Id<'grant'> | Id<'partner'>;
  /** What allots to it. */
  readonly scope: Id<'window'> | Id<'tier'>;
  readonly grant: KeyGrant;
  readonly gives: 'raw-access' | 'outputs';
  readonly party: Id<'party'>;
  /** Who alone uses it, and who answers for that; null: any member of the party. */
  readonly of: { readonly member: Id<'member'>; readonly person: Id<'member'> } | null;
  readonly model: Id<'model'>;
  readonly developer: Id<'party'>;
  readonly until: Instant;
  readonly isActive: boolean;
}

/** null where there is none with this id, or none that keys can stand on. */
export async function standOf(
  reader: Reader,
  needs: GatewayNeeds,
  { id, now }: { readonly id: string; readonly now: Instant },
): Promise<Stand | null> {
  return parseId('grant', id) === null
    ? await onPartnership(reader, needs, { id, now })
    : await onGrant(reader, needs, { id, now });
}

async function onGrant(
  reader: Reader,
  needs: GatewayNeeds,
  { id, now }: { readonly id: string; readonly now: Instant },
): Promise<Stand | null> {
  const found = await needs.grantStanding(reader, id, now);
  if (found === null) return null;
  const { window, member, person, party, model, developer, until, isActive } = found;
  return {
    ...{ id: found.id, scope: window, party, model, developer, until, isActive },
    grant: { kind: 'early-access', id: found.id, window },
    gives: 'raw-access',
    of: { member, person },
  };
}

async function onPartnership(
  reader: Reader,
  needs: GatewayNeeds,
  { id, now }: { readonly id: string; readonly now: Instant },
): Promise<Stand | null> {
  const found = await needs.partnershipStanding(reader, id, now);
  if (found === null || found.party === null || found.model === null) return null;
  const { tier, party, model, gives, developer, until, isActive } = found;
  return {
    ...{ id: found.id, scope: tier, party, model, gives, developer, until, isActive },
    grant: { kind: 'partner', tier, partner: found.id },
    of: null,
  };
}

/** Whose a window or a tier is; null where there is none with this id. */
export async function behindOf(
  reader: Reader,
  needs: GatewayNeeds,
  scope: string,
): Promise<Behind | null> {
  return parseId('window', scope) === null
    ? await needs.tierBehind(reader, scope)
    : await needs.windowBehind(reader, scope);
}
