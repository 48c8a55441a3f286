import type { Id, Instant } from '@breakwater/kernel';
import type { Actor, Event } from '../../../../platform/commands/commands.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import type { CollectNeeds } from '../needs.ts';
import { findingsForWork, setStandings } from '../store.ts';
import { type Accepted, blindKeys, placeAll, type TakenIn } from '../take-in.ts';
import { insertWaiting } from '../waiting/store.ts';

/** A finding that was kept as suppressed, and is suppressed no more. */
export interface Asleep {
  readonly index: number;
  readonly finding: Id<'finding'>;
  readonly accepted: Accepted;
}

/** Finds or opens the cases of findings that are suppressed no more, as they were kept. */
export async function wake(
  services: Pick<Services, 'content'>,
  tx: Transaction,
  given: {
    readonly asleep: readonly Asleep[];
    readonly actor: Actor;
    readonly now: Instant;
    readonly needs: Pick<CollectNeeds, 'place'>;
  },
): Promise<{
  readonly events: readonly Event[];
  readonly taken: readonly {
    index: number;
    standing: TakenIn['standing'];
    finding: Id<'finding'>;
  }[];
}> {
  const { asleep } = given;
  if (asleep.length === 0) return { events: [], taken: [] };
  const rows = await findingsForWork(
    tx,
    asleep.map((each) => each.finding),
  );
  const arrivals = asleep.map(({ finding, accepted }) => {
    const row = rows.get(finding);
    if (row === undefined) throw new Error(`no finding ${finding}`);
    const { title_content: title, package: purl, version, recipe } = row;
    const keys = blindKeys(services, accepted.keys);
    return { finding, title, package: purl, version, recipe, keys };
  });
  const placed = await placeAll(tx, { ...given, arrivals });
  const taken = asleep.map(({ index, finding }) => {
    return { index, finding, standing: placed.get(finding)?.standing ?? ('waiting' as const) };
  });
  await setStandings(tx, taken);
  await insertWaiting(
    tx,
    given.actor.id,
    arrivals.filter(({ finding }) => !placed.has(finding)),
  );
  return { taken, events: [...placed.values()].map(({ event }) => event) };
}
