import type { Pace, Standing } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { levels } from '../../../../platform/commands/audience.ts';
import type { Services } from '../../../../services.ts';
import { pauseAt, weekOf } from './pace.ts';
import { handedOverIn, paceOf, type StandingRow } from './store.ts';

/** The pace of an owner as it stands at `now`. */
export async function paceView(
  services: Services,
  owner: Id<'party'>,
  now: Instant,
): Promise<Pace> {
  const { pace, handedOver } = await services.database.read(async (reader) => ({
    pace: await paceOf(reader, owner),
    handedOver: await handedOverIn(reader, owner, now),
  }));
  const pause = pauseAt(pace, now);
  return {
    owner: await services.directory.refOf(owner),
    capacityPerWeek: pace.capacityPerWeek,
    pause: pause === null ? null : { ...pause },
    urgent: pace.urgent,
    week: { ...weekOf(now), handedOver },
    revision: pace.revision,
  };
}

/** Where an owner stands; the words of its verdict are for those who work on the case. */
export async function standingView(
  services: Services,
  row: StandingRow,
  level: number,
): Promise<Standing> {
  const { verdict, verdict_at: at, verdict_content: words } = row;
  const readable = level >= levels.detail && words !== null;
  return {
    owner: await services.directory.refOf(row.owner),
    handedOverAt: row.handed_over_at,
    urgent: row.urgent,
    acknowledgedAt: row.acknowledged_at,
    verdict:
      verdict === null || at === null
        ? null
        : { is: verdict, at, words: readable ? await services.content.getText(words) : null },
    closedAt: row.closed_at,
    revision: row.revision,
  };
}
