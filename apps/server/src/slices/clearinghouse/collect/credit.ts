import type { Credit, collect } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { levels } from '../../../platform/commands/audience.ts';
import { stale } from '../../../platform/commands/revision.ts';
import { type Call, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { type CreditRow, creditRow, putCredit } from './store.ts';

/** How `party` is credited: by the name of the party until it chooses. */
export async function creditOf(services: Services, party: string): Promise<Credit> {
  const row = await services.database.read((r) => creditRow(r, party));
  const chosen = await chosenName(services, row);
  return {
    as: row?.anonymous === true ? 'anonymous' : 'named',
    name: chosen ?? (await services.directory.nameOf(party)),
    revision: row?.revision ?? 0,
  };
}

/** The line of each finder in an advisory, exactly as it chose; null: not by name. */
export async function creditLines(
  services: Services,
  finders: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const lines = new Map<string, string | null>();
  for (const finder of finders) {
    const credit = await creditOf(services, finder);
    lines.set(finder, credit.as === 'named' ? credit.name : null);
  }
  return lines;
}

/** Sets how the caller is credited in advisories that are yet to be published. */
export async function setCredit(
  services: Services,
  { actor, body, envelope }: Call<typeof collect.setCredit>,
): Promise<Result<{ revision: number }>> {
  const name =
    body.name === undefined ? null : await services.content.putText(body.name, 'credit.txt');
  const executed = await services.execute<{ revision: number }>(envelope, async (tx) => {
    const before = await creditRow(tx, actor.id);
    const changed = stale(body.ifRevision, before?.revision ?? 0);
    if (changed !== null) return refuse(changed);
    const revision = (before?.revision ?? 0) + 1;
    const anonymous = body.as === 'anonymous';
    const credit = { party: actor.id, anonymous, name_content: name?.id ?? null, revision };
    await putCredit(tx, credit);
    const data = { party: actor.id, as: body.as, name: name?.id ?? null };
    return ok({
      events: [{ act: 'collect.credit-set', subject: actor.id, data }],
      contents: name === null ? [] : [{ ref: name, subject: actor.id, level: levels.detail }],
      response: { revision },
    });
  });
  return responseOf(executed);
}

async function chosenName(services: Services, row: CreditRow | null): Promise<string | null> {
  return row?.name_content == null ? null : await services.content.getText(row.name_content);
}
