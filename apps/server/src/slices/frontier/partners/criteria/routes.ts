import { partners as contract, type PartnerCriterion, partnerAsks } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { criteriaOf } from './read.ts';
import { findCriteria, insertCriteria } from './store.ts';

/** PAR-1: what partners are chosen by, for everybody to read. */
export function criteriaRoutes(services: Services): readonly Route[] {
  const { database, content } = services;
  return [
    route(contract.criteria, async ({ query }) => {
      const { newest, row } = await database.read(async (r) => {
        const last = await findCriteria(r);
        const asked = query.version;
        const draft = asked === 0 || (asked === undefined && last === null);
        return { newest: last?.version ?? 0, row: draft ? 'draft' : await findCriteria(r, asked) };
      });
      if (row === null) return notFound('a version of the criteria');
      if (row === 'draft' || typeof row === 'string') {
        const criteria = [...(await criteriaOf(services, null))];
        return ok({ version: 0, draft: true, publishedAt: null, why: null, criteria, newest });
      }
      const criteria = [...(await criteriaOf(services, row))];
      const why = await content.getText(row.why_content);
      return ok({ version: row.version, draft: false, publishedAt: row.at, why, criteria, newest });
    }),
    route(contract.publishCriteria, (call) => publishCriteria(services, call)),
  ];
}

/** PAR-2: a new version; what was applied for before is judged by the one that stood then. */
async function publishCriteria(
  services: Services,
  call: Call<typeof contract.publishCriteria>,
): Promise<Result<{ version: number }>> {
  const { body, envelope } = call;
  const before = await services.database.read((r) => findCriteria(r));
  const criteria = body.criteria ?? [...(await criteriaOf(services, before))];
  const whole = checkWhole(criteria);
  if (!whole.ok) return whole;
  const text = await services.content.putText(JSON.stringify(criteria), 'criteria.json');
  const why = await services.content.putText(body.why, 'why.txt');
  const executed = await services.execute(envelope, async (tx, at) => {
    const version = ((await findCriteria(tx))?.version ?? 0) + 1;
    const id = newId('criteria');
    const party = partyOf(call.actor);
    await insertCriteria(tx, { version, id, content: text.id, why_content: why.id, party, at });
    return ok({
      events: [
        { act: 'partners.criteria-published', subject: id, data: { criteria: id, version } },
      ],
      contents: [text, why].map((ref) => ({ ref, subject: id, level: sealed })),
      response: { version },
    });
  });
  return responseOf(executed);
}

/** Each criterion once, and something to judge whatever is asked for by. */
function checkWhole(criteria: readonly PartnerCriterion[]): Result<null> {
  const ids = criteria.map(({ id }) => id);
  const twice = ids.findIndex((id, i) => ids.indexOf(id) !== i);
  if (twice >= 0) {
    return refuse({
      code: 'criterion-twice',
      expected: 'each criterion under an id of its own',
      got: `the id at ${twice} a second time`,
      todo: 'give it another id',
      pointer: `/criteria/${twice}/id`,
    });
  }
  const lacking = partnerAsks.find((ask) => !criteria.some((each) => each.appliesTo.includes(ask)));
  if (lacking === undefined) return ok(null);
  return refuse({
    code: 'criteria-incomplete',
    expected: 'a criterion for raw access and one for outputs',
    got: `none that applies to ${lacking}`,
    todo: 'say by what such an application is judged',
    pointer: '/criteria',
  });
}
