import type { Id, Json } from '@breakwater/kernel';
import { type Grant, levels } from '../../../platform/commands/audience.ts';
import type { Event as Entry } from '../../../platform/commands/commands.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import type { Engagement, Event, Seer } from './model.ts';
import {
  insertDates,
  insertRow,
  markLeft,
  markReleased,
  moveModel,
  setOpenWeight,
  setSeers,
} from './store.ts';

/** Writes what was decided as rows; versions and signatures of terms are written beside their texts. */
export async function keep(
  tx: Transaction,
  { id, developer }: Pick<Engagement, 'id' | 'developer'>,
  event: Event,
): Promise<void> {
  switch (event.act) {
    case 'engage.opened': {
      const { model, government, wants, zone, openWeight, at } = event;
      const stated = { id, model, developer, government, wants, zone };
      await insertRow(tx, { ...stated, open_weight: openWeight, opened_at: at });
      return await showTo(tx, { id, developer }, event.seers);
    }
    case 'engage.dates-stated':
      return await insertDates(tx, id, event);
    case 'engage.model-stated':
      await setOpenWeight(tx, id, event.openWeight);
      return await moveModel(tx, event);
    case 'engage.sharing-altered':
      return await showTo(tx, { id, developer }, event.seers);
    case 'engage.left':
      return await markLeft(tx, id, event.at);
    case 'engage.released':
      return await markReleased(tx, id, event.at);
    case 'engage.terms-proposed':
    case 'engage.terms-signed':
  }
}

/** ENG-3: its developer sees all of it, each named party as much as was said, and nobody else. */
async function showTo(
  tx: Transaction,
  { id, developer }: Pick<Engagement, 'id' | 'developer'>,
  seers: readonly Seer[],
): Promise<void> {
  await setSeers(tx, id, seers);
  const named = seers.map(
    ({ party, level }): Grant => ({ principal: party, level: levels[level] }),
  );
  await setAudience(tx, id, [{ principal: developer, level: levels.all }, ...named]);
}

/** What was decided as an entry of the log, with the contents it refers to. */
export function entryOf(
  engagement: Id<'engagement'>,
  event: Event,
  contents: Readonly<Record<string, Json>> = {},
): Entry {
  const { act, ...data } = event;
  // Plain JSON: ids, instants and closed words.
  const plain = { engagement, ...data, ...contents } as unknown as Record<string, Json>;
  return { act, subject: engagement, data: plain };
}
