import type { GatewayIncident } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';
import { holderNames, type IncidentRow, type MarkRow, marksOf } from './incident-store.ts';

type Stores = Pick<Services, 'database' | 'content' | 'directory'>;

/** Incidents as their developer reads them. */
export async function incidentViews(
  stores: Stores,
  rows: readonly IncidentRow[],
): Promise<GatewayIncident[]> {
  const { marks, names } = await stores.database.read(async (r) => ({
    marks: await marksOf(
      r,
      rows.map(({ id }) => id),
    ),
    names: await holderNames(
      r,
      rows.map(({ holder }) => holder),
    ),
  }));
  return await Promise.all(
    rows.map((row) => {
      const of = { marks: marks.get(row.id) ?? [], name: names.get(row.holder) ?? null };
      return viewOf(stores, row, of);
    }),
  );
}

async function viewOf(
  stores: Stores,
  row: IncidentRow,
  of: { readonly marks: readonly MarkRow[]; readonly name: Id<'content'> | null },
): Promise<GatewayIncident> {
  const { id, key, model, requests, closed_at: at, closed_as: as, closed_by: by } = row;
  const name = of.name === null ? null : await stores.content.getText(of.name);
  return {
    id,
    key,
    party: await stores.directory.refOf(row.party),
    holder: { id: row.holder, name },
    model,
    raisedAt: row.raised_at,
    firstAt: row.first_at,
    lastAt: row.last_at,
    requests,
    marks: of.marks.map(({ mark, requests: count, first_at: firstAt, last_at: lastAt }) => ({
      mark,
      requests: count,
      firstAt,
      lastAt,
    })),
    closed:
      at === null || as === null || by === null || row.closed_content === null
        ? null
        : {
            at,
            as,
            by: await stores.directory.refOf(by),
            reason: await stores.content.getText(row.closed_content),
          },
  };
}
