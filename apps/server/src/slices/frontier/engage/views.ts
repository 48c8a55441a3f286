import {
  type EngagementSummary,
  type Engagement as EngagementView,
  type LevelName,
  levelNames,
  termsKinds,
} from '@breakwater/contract';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Services } from '../../../services.ts';
import { openWeightOutside } from './before/open-weight.ts';
import type { Dates, Engagement } from './model.ts';
import type { EngageNeeds } from './needs.ts';
import { owedBefore } from './owed.ts';
import { readEndpoints, readSaid } from './said.ts';
import { sideOf } from './side.ts';
import { type EngagementRow, findEngagement, findRow, newestDates, newestSaid } from './store.ts';
import { inForce, proposed } from './terms/standing.ts';

type Ports = Pick<Services, 'database' | 'content' | 'directory'>;

/** The engagements of a page, as they stand in lists. */
export async function summaries(
  ports: Ports,
  rows: readonly EngagementRow[],
): Promise<EngagementSummary[]> {
  const ids = rows.map(({ id }) => id);
  const { said, dates } = await ports.database.read(async (r) => ({
    said: await newestSaid(r, ids),
    dates: await newestDates(r, ids),
  }));
  return await Promise.all(
    rows.map(async (row) => {
      const own = said.filter(({ engagement }) => engagement === row.id);
      const { codename } = await readSaid(ports.content, own);
      return await summary(ports, row, { codename, dates: dates.get(row.id) ?? null });
    }),
  );
}

async function summary(
  { directory }: Pick<Ports, 'directory'>,
  row: EngagementRow,
  { codename, dates }: { readonly codename: string | null; readonly dates: Dates | null },
): Promise<EngagementSummary> {
  return {
    id: row.id,
    model: row.model,
    codename,
    developer: await directory.refOf(row.developer),
    government: await directory.refOf(row.government),
    wants: row.wants,
    zone: row.zone,
    openedAt: row.opened_at,
    leftAt: row.left_at,
    releasedAt: row.released_at,
    dates,
  };
}

/** An engagement on one page, as far as `level` goes; null where there is none. */
export async function engagementView(
  services: Ports & Pick<Services, 'openWeight' | 'clock'>,
  needs: Pick<EngageNeeds, 'owedOfAccess'>,
  asked: { readonly id: string; readonly actor: Actor; readonly level: number },
): Promise<EngagementView | null> {
  const { id, actor, level } = asked;
  const found = await services.database.read(async (r) => ({
    row: await findRow(r, id),
    engagement: await findEngagement(r, id),
    said: await newestSaid(r, [id]),
    ofAccess: level >= levels.detail ? await needs.owedOfAccess(r, id, services.clock.now()) : [],
  }));
  const { row, engagement, said, ofAccess } = found;
  if (row === null || engagement === null) return null;
  const { codename, hosting, contacts } = await readSaid(services.content, said);
  const seesDetail = level >= levels.detail;
  return {
    ...(await summary(services, row, { codename, dates: engagement.dates })),
    sees: levelName(level),
    side: sideOf(engagement, actor.id),
    openWeight: engagement.openWeight,
    outside: engagement.openWeight ? openWeightOutside(services.openWeight) : null,
    hosting: seesDetail ? hosting : null,
    contacts: seesDetail ? contacts : null,
    endpoints: level >= levels.all ? await readEndpoints(services.content, said) : null,
    terms: seesDetail ? termsStanding(engagement) : [],
    owed: seesDetail ? [...owedBefore(engagement), ...ofAccess] : [],
  };
}

function termsStanding(engagement: Engagement): EngagementView['terms'] {
  return termsKinds.map((kind) => ({
    kind,
    inForce: inForce(engagement, kind)?.id ?? null,
    proposed: proposed(engagement, kind)?.id ?? null,
  }));
}

function levelName(level: number): LevelName {
  return levelNames.findLast((name) => levels[name] <= level) ?? 'summary';
}
