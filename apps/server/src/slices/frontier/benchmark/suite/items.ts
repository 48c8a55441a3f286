import type { suites as contract } from '@breakwater/contract';
import { bytesToHex, type Id, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { sealed } from '../../../../platform/commands/audience.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Call, notFound, responseOf } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { checkBody } from './decide.ts';
import { keeperAlone } from './keeper.ts';
import { isWithin, knownTo, reachOf } from './rights.ts';
import {
  allowancesFor,
  findItem,
  findSuite,
  type ItemRow,
  keepBody,
  markOpened,
  type SuiteRow,
} from './store.ts';

/** An item as one party stands to it. */
interface SeenItem {
  readonly item: ItemRow;
  readonly suite: SuiteRow;
  readonly mayOpen: boolean;
}

/** null where the party may not know of the item. */
export async function seenItem(
  reader: Reader,
  id: string,
  party: string,
): Promise<SeenItem | null> {
  const item = await findItem(reader, id);
  const suite = item === null ? null : await findSuite(reader, item.suite);
  if (item === null || suite === null) return null;
  const allowances = await allowancesFor(reader, suite.id, party);
  if (!isWithin(knownTo(allowances, party), item.id)) return null;
  const mayOpen = item.opened_at !== null || isWithin(reachOf(allowances, party, 'items'), item.id);
  return { item, suite, mayOpen };
}

type Answer = Promise<Result<{ item: Id<'item'> }>>;

/** BEN-5: keeps the body of an item, encrypted, for those who may see it. */
export async function keepItem(services: Services, call: Call<typeof contract.keepItem>): Answer {
  return await putBody(services, call, {
    refused: ({ body_content: kept }) => (kept === null ? null : alreadyKept),
    opens: false,
  });
}

/** BEN-6: shows an item to all who know of it. It cannot be closed again. */
export async function openItem(services: Services, call: Call<typeof contract.openItem>): Answer {
  return await putBody(services, call, {
    refused: ({ opened_at: opened }) => (opened === null ? null : alreadyOpened),
    opens: true,
  });
}

async function putBody(
  services: Services,
  call: Call<typeof contract.keepItem> | Call<typeof contract.openItem>,
  how: { readonly refused: (item: ItemRow) => Refusal | null; readonly opens: boolean },
): Answer {
  const { actor, params, body, envelope } = call;
  const ref = await services.content.put(new TextEncoder().encode(JSON.stringify(body)), {
    mediaType: 'application/json',
    name: 'item.json',
  });
  const executed = await services.execute<{ item: Id<'item'> }>(envelope, async (tx, at) => {
    const seen = await seenItem(tx, params.item, actor.id);
    if (seen === null) return notFound('an item');
    const { item, suite } = seen;
    if (suite.keeper !== actor.id) return refuse(keeperAlone);
    const refusal = how.refused(item);
    if (refusal !== null) return refuse(refusal);
    const checked = checkBody(body, new Uint8Array(item.commitment));
    if (!checked.ok) return checked;
    const isKept = item.body_content !== null;
    if (!isKept) await keepBody(tx, item.id, ref.id);
    if (how.opens) await markOpened(tx, item.id, at);
    const commitment = bytesToHex(new Uint8Array(item.commitment));
    const act = how.opens ? 'benchmark.item-opened' : 'benchmark.item-kept';
    return ok({
      events: [{ act, subject: suite.id, data: { item: item.id, commitment } }],
      contents: isKept ? [] : [{ ref, subject: suite.id, level: sealed }],
      response: { item: item.id },
    });
  });
  return responseOf(executed);
}

const alreadyKept = {
  code: 'already-kept',
  expected: 'an item whose body is not kept yet',
  got: 'one whose body is',
  todo: 'nothing: it is the one that was sealed',
} as const;
const alreadyOpened = {
  code: 'already-opened',
  expected: 'an item that is sealed',
  got: 'one that was opened before',
  todo: 'nothing: all who know of it may see it',
} as const;
