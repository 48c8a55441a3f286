import type { suites as contract } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { type Call, responseOf } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { writeAudiences } from './audiences.ts';
import { ownSuite } from './keeper.ts';
import type { SuiteNeeds } from './needs.ts';
import { allowancesOf, deleteAllowance, findItem, insertAllowance, mayLook } from './store.ts';

/** One suite may be shared so widely. */
const allowancesMax = 5_000;

type Answer = Promise<Result<{ suite: Id<'suite'> }>>;

/** BEN-3: the keeper lets a party know something; what stood allowed already stays as it was. */
export async function allow(
  services: Services,
  needs: Pick<SuiteNeeds, 'runsOf'>,
  { actor, params, body, envelope }: Call<typeof contract.allow>,
): Answer {
  const executed = await services.execute<{ suite: Id<'suite'> }>(envelope, async (tx, at) => {
    const found = await ownSuite(tx, params.suite, actor.id);
    if (!found.ok) return found;
    const { id } = found.value;
    const item = body.item === undefined ? null : await findItem(tx, body.item);
    if (body.item !== undefined && item?.suite !== id) return refuse(noSuchItem);
    if (!(await mayLook(tx, body.party))) return refuse(noSuchParty);
    if ((await allowancesOf(tx, id)).length >= allowancesMax) return refuse(tooMany);
    const allowance = { party: body.party, may: body.right, item: body.item ?? '' };
    const isNew = (await insertAllowance(tx, id, { ...allowance, at })) > 0;
    await writeAudiences(tx, found.value, await needs.runsOf(tx, id));
    return ok({
      events: isNew ? [{ act: 'benchmark.allowed', subject: id, data: { ...allowance } }] : [],
      response: { suite: id },
    });
  });
  return responseOf(executed);
}

/** BEN-3: the keeper takes it back; whatever rested on it is gone with the same commit. */
export async function disallow(
  services: Services,
  needs: Pick<SuiteNeeds, 'runsOf'>,
  { actor, params, body, envelope }: Call<typeof contract.disallow>,
): Answer {
  const executed = await services.execute<{ suite: Id<'suite'> }>(envelope, async (tx) => {
    const found = await ownSuite(tx, params.suite, actor.id);
    if (!found.ok) return found;
    const { id, keeper } = found.value;
    if (body.party === keeper) return refuse(keeperStays);
    const allowance = { party: body.party, may: body.right, item: body.item ?? '' };
    if ((await deleteAllowance(tx, id, allowance)) === 0) return refuse(notAllowed);
    await writeAudiences(tx, found.value, await needs.runsOf(tx, id));
    return ok({
      events: [{ act: 'benchmark.disallowed', subject: id, data: { ...allowance } }],
      response: { suite: id },
    });
  });
  return responseOf(executed);
}

const noSuchItem = {
  code: 'no-such-item',
  expected: 'an item of this suite',
  got: 'none with this id',
  todo: 'take the id from the items of the suite',
} as const;
const noSuchParty = {
  code: 'no-such-party',
  expected: 'the id of a party here that may look at suites',
  got: 'none with this id',
  todo: 'ask the party for its id, or the administrator for its role',
} as const;
const tooMany = {
  code: 'too-many',
  expected: `at most ${allowancesMax} allowances of one suite`,
  got: 'one more',
  todo: 'allow whole suites instead of single items, or take back what is not needed',
} as const;
const notAllowed = {
  code: 'not-allowed',
  expected: 'something that the party was allowed',
  got: 'something it was not, of these items',
  todo: 'see what stands allowed: what was given for the whole suite is taken back for the whole',
} as const;
const keeperStays = {
  code: 'keeper-stays',
  expected: 'another party than the keeper',
  got: 'the keeper, who knows the suite',
  todo: 'nothing',
} as const;
