import { type Allotment, gateway as contract, type Output } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { stale } from '../../../../platform/commands/revision.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { noteChanges, touched } from '../changes.ts';
import type { GatewayNeeds } from '../needs.ts';
import { behindOf } from '../stand.ts';
import {
  type AllotmentRow,
  AllotmentWords,
  allotmentsOf,
  findAllotment,
  putAllotment,
} from './store.ts';

/** What a developer gives in a window or a tier. */
export function allotmentRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  return [
    route(contract.allot, (call) => allot(services, needs, call)),
    route(contract.allotments, async ({ actor }) => {
      const rows = await services.database.read((r) => allotmentsOf(r, actor.id));
      return ok({ items: await Promise.all(rows.map((row) => allotmentView(services, row))) });
    }),
  ];
}

type Allotted = Output<typeof contract.allot>;

/** GAT-4: whole, and for keys that were issued as well: what is less counts at once. */
async function allot(
  services: Services,
  needs: GatewayNeeds,
  { actor, body, params, envelope }: Call<typeof contract.allot>,
): Promise<Result<Allotted>> {
  const { scope } = params;
  const kept: AllotmentWords = { names: body.names, keepsFor: body.keepsFor };
  const words = await services.content.putText(JSON.stringify(kept), 'allotment.json');
  const executed = await services.execute<Allotted>(envelope, async (tx, now) => {
    const developer = partyOf(actor);
    const behind = await behindOf(tx, needs, scope);
    if (behind?.developer !== developer) return notFound('a window or a tier');
    const before = await findAllotment(tx, scope);
    const changed = stale(body.ifRevision, before?.revision ?? 0);
    if (changed !== null) return refuse(changed);
    await putAllotment(tx, {
      scope,
      developer,
      words_content: words.id,
      limits: body.limits,
      keys_max: body.keysMax,
      demands_proof: body.demandsProof,
      at: before?.at ?? now,
    });
    await noteChanges(tx, [touched(scope)], now);
    const { keysMax, demandsProof } = body;
    const data = { of: scope, words: words.id, keysMax, demandsProof };
    return ok({
      events: [{ act: 'gateway.allotted', subject: scope, data }],
      contents: [{ ref: words, subject: scope, level: sealed }],
      response: { scope },
    });
  });
  return responseOf(executed);
}

/** Nothing where the text was erased: no name, nobody it is kept for. */
export async function allotmentWords(
  { content }: Pick<Services, 'content'>,
  row: Pick<AllotmentRow, 'words_content'>,
): Promise<AllotmentWords> {
  const text = await content.getText(row.words_content);
  return text === null ? { names: [], keepsFor: [] } : AllotmentWords.parse(JSON.parse(text));
}

async function allotmentView(services: Services, row: AllotmentRow): Promise<Allotment> {
  return {
    ...(await allotmentWords(services, row)),
    of: row.scope,
    limits: row.limits,
    keysMax: row.keys_max,
    demandsProof: row.demands_proof,
    at: row.at,
    revision: row.revision,
  };
}
