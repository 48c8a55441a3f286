import { authorizations, claims, wishes } from '@breakwater/contract';
import type { Audited, Ids, Look } from './audit.ts';

/** How it is seen that the chapter on who looks at what was kept. */
export const looksForLooking: Readonly<Record<string, Look>> = {
  'deconflict.open-control': isProven,
  'deconflict.rule-control': isProven,
  'deconflict.state-wishes': async ({ result }, ids) => {
    const query = { target: result.looking.package };
    const { items } = await result.cast.coordinator.read(wishes.wishes, { query });
    return items.filter(({ id }) => id === ids['wishes']).length === 1;
  },
  'deconflict.claim': isReleased,
  'deconflict.release-claim': isReleased,
};

async function isProven({ result }: Audited, ids: Ids): Promise<boolean> {
  const params = { control: idOf(ids, 'id') };
  const { state } = await result.cast.coordinator.read(authorizations.control, { params });
  return state === 'proven';
}

async function isReleased({ result }: Audited, ids: Ids): Promise<boolean> {
  const params = { claim: idOf(ids, 'claim') };
  const { state } = await result.cast.coordinator.read(claims.get, { params });
  return state === 'released';
}

function idOf(ids: Ids, name: string): never {
  const id = ids[name];
  if (id === undefined) throw new Error(`an answer without ${name}`);
  return id;
}
