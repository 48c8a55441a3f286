import type { Wishes } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';
import { isHeld } from './decide.ts';
import type { WishesNeeds } from './needs.ts';
import { quietUntil } from './quiet.ts';
import { saidIn, sayNothing } from './said.ts';
import type { WishesRow } from './store.ts';

/** A statement as everybody who works here sees it: owners make it to be read. */
export async function wishesView(
  services: Services,
  needs: WishesNeeds,
  { row, now }: { readonly row: WishesRow; readonly now: Instant },
): Promise<Wishes> {
  const kept = await saidIn(services.content, row.said_content);
  const said = kept ?? sayNothing(row.target, null);
  const held = isHeld(row, now);
  const pace = row.show_pace
    ? await services.database.read((r) => needs.paceOf(r, row.party, now))
    : null;
  return {
    id: row.id,
    target: row.target,
    source: {
      form: row.form,
      from: said.from,
      by: await services.directory.refOf(row.party),
      at: row.at,
      expiresAt: row.expires_at,
    },
    state: row.withdrawn_at !== null ? 'withdrawn' : held ? 'held' : 'expired',
    optOut: row.opted_out_at === null ? null : { since: row.opted_out_at, words: said.optOut },
    quiet: row.quiet.map((period) => ({ ...period })),
    quietUntil: held ? quietUntil(row.quiet, now) : null,
    pace,
    channels: said.channels,
    policies: said.policies,
    threatModel: said.threatModel,
    notVulnerabilities: said.notVulnerabilities,
    quoted: said.quoted,
    notes: said.notes,
    revision: row.revision,
  };
}

/** Statements in their order. */
export async function wishesViews(
  services: Services,
  needs: WishesNeeds,
  { rows, now }: { readonly rows: readonly WishesRow[]; readonly now: Instant },
): Promise<Wishes[]> {
  return await Promise.all(rows.map((row) => wishesView(services, needs, { row, now })));
}
