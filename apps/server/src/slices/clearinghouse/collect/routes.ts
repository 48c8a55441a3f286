import { collect, type Output } from '@breakwater/contract';
import { fromBase64, type Json, ok, type Result } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { creditOf, setCredit } from './credit.ts';
import { importReport } from './import/import.ts';
import { createTurns } from './import/turn.ts';
import type { CollectNeeds } from './needs.ts';
import { previewFinding } from './preview.ts';
import { createReader } from './read-submission.ts';
import { findFinding, listFindings, listOwn } from './store.ts';
import { keep, takeIn } from './take-in.ts';
import { findingViews } from './views.ts';
import { waitingRoutes } from './waiting/routes.ts';

/** Reports in memory at once: each with its file and all that was read of it. */
const importsWaitingMax = 4;

/** The operations of this slice. */
export function collectRoutes(services: Services, needs: CollectNeeds): readonly Route[] {
  const inTurn = createTurns({ waitingMax: importsWaitingMax });
  return [
    route(collect.submit, (call) => submit(services, needs, call)),
    route(collect.import, (call) =>
      inTurn(call.actor.id, () => importReport(services, needs, call)),
    ),
    ...waitingRoutes(services),
    route(collect.get, async ({ params, actor }) => {
      const row = await services.database.read((r) => findFinding(r, params.finding, actor));
      const [view] = await findingViews(services, needs, row === null ? [] : [row]);
      return view === undefined ? notFound('a finding') : ok(view);
    }),
    route(collect.list, async ({ query, actor }) => {
      const after = parseCursor(query.after);
      const rows = await services.database.read((r) =>
        listFindings(r, actor, { after, limit: query.limit }),
      );
      const items = await findingViews(services, needs, rows);
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(collect.listMine, (call) => listMine(services, needs, call)),
    route(collect.preview, async ({ body, now }) => {
      const preview = await previewFinding(fromBase64(body.file) ?? new Uint8Array());
      if (!preview.ok) return preview;
      const notWanted = await needs.notWanted(preview.value.drafts, now);
      return ok({ ...preview.value, notWanted: [...notWanted] });
    }),
    route(collect.credit, async ({ actor }) => ok(await creditOf(services, actor.id))),
    route(collect.setCredit, (call) => setCredit(services, call)),
  ];
}

/** What the caller handed in, and what became of each. */
async function listMine(
  services: Services,
  needs: CollectNeeds,
  { query, actor }: Call<typeof collect.listMine>,
): Promise<Result<Output<typeof collect.listMine>>> {
  const { database, content } = services;
  const page = { after: parseCursor(query.after), limit: query.limit };
  const rows = await database.read((r) => listOwn(r, actor, page));
  const credit = await creditOf(services, actor.id);
  const became = await database.read((r) =>
    needs.became(
      r,
      rows.map((row) => row.id),
    ),
  );
  const items = await Promise.all(
    rows.map(async (row) => ({
      finding: row.id,
      title: (await content.getText(row.title_content)) ?? '(erased)',
      package: row.package,
      version: row.version,
      receivedAt: row.received_at,
      standing: row.standing,
      ...(became.get(row.id) ?? nothing),
      credit: credit.as === 'named' ? credit.name : null,
    })),
  );
  return ok(pageFrom(rows, query.limit, items));
}

/** A finding of no case. */
const nothing = { case: null, stage: null, embargo: null, advisory: null, verdict: null };

type Submitted = Output<typeof collect.submit>;

/** Reads, decides, keeps what came in, and answers with the finding's standing. */
export async function submit(
  services: Services,
  needs: CollectNeeds,
  call: Pick<Call<typeof collect.submit>, 'actor' | 'body' | 'envelope' | 'now'>,
): Promise<Result<Submitted>> {
  const reader = createReader(services, needs);
  const accepted = await reader.read(call.body);
  if (!accepted.ok) return accepted;
  const kept = await keep(services, [accepted.value]);
  const executed = await services.execute<Json & Submitted>(call.envelope, async (tx, now) => {
    const { actor } = call;
    const { taken, events, contents } = await takeIn(services, tx, { kept, actor, now, needs });
    const [one] = taken;
    if (one === undefined || one.standing === 'suppressed') {
      throw new Error('a submission without its standing');
    }
    const { placed } = one;
    const response = {
      finding: one.finding,
      standing: one.standing,
      case: placed?.case ?? null,
      joinedBy: [...(placed?.evidence ?? [])],
      advisory: placed?.advisory ?? null,
    };
    return ok({ events, contents, response });
  });
  return responseOf(executed);
}
