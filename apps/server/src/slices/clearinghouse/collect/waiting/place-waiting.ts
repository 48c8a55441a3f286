import { type Id, ok } from '@breakwater/kernel';
import { system } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import type { Services } from '../../../../services.ts';
import type { CollectNeeds } from '../needs.ts';
import { findingsForWork, setStandings } from '../store.ts';
import { placeAll } from '../take-in.ts';
import { deleteWaiting, longestWaiting, type Waiter, whoWaits } from './store.ts';

/** Tried by one transaction, and so at most in a minute where the first of them must go on waiting. */
const findingsPerPart = 1_000;

type WaitingServices = Pick<Services, 'clock' | 'content' | 'database' | 'execute'>;
type WaitingNeeds = Pick<CollectNeeds, 'mayGuess' | 'place'>;

/**
 * Finds or opens the cases of findings that wait, of each party whose bound on guessing leaves room
 * again (COR-7) or that was let in (COR-9), in the order in which they came.
 */
export async function placeWaiting(services: WaitingServices, needs: WaitingNeeds): Promise<void> {
  const { clock, database } = services;
  for (const waiter of await database.read(whoWaits)) {
    const { reporter, letIn } = waiter;
    const mayGo = () => database.read((r) => needs.mayGuess(r, reporter, clock.now()));
    while (letIn || (await mayGo())) {
      if (await placePart(services, needs, waiter)) break;
    }
  }
}

/** @returns whether nothing is left to try now. */
async function placePart(
  services: WaitingServices,
  needs: WaitingNeeds,
  waiter: Waiter,
): Promise<boolean> {
  const { reporter, letIn } = waiter;
  const [first] = await services.database.read((r) => longestWaiting(r, waiter, 1));
  if (first === undefined) return true;
  const envelope = {
    actor: system,
    operation: 'collect.place-waiting',
    idempotencyKey: `waiting:${first.finding}:${services.clock.now()}`,
    request: { reporter },
  };
  const executed = await services.execute<boolean>(envelope, async (tx, now) => {
    const waiting = await longestWaiting(tx, waiter, findingsPerPart);
    const rows = await findingsForWork(
      tx,
      waiting.map(({ finding }) => finding),
    );
    const actor: Actor = { ...system, id: reporter as Id<'party'> }; // a party column's value
    const placed = await placeAll(tx, {
      actor,
      now,
      needs,
      bounded: !letIn,
      arrivals: waiting.map(({ finding, keys }) => {
        const row = rows.get(finding);
        if (row === undefined) throw new Error(`no finding ${finding}`);
        const { title_content: title, package: purl, version, recipe } = row;
        return { finding, title, package: purl, version, recipe, keys };
      }),
    });
    await setStandings(
      tx,
      [...placed].map(([finding, { standing }]) => ({ finding, standing })),
    );
    await deleteWaiting(tx, [...placed.keys()]);
    const events = [...placed.values()].map(({ event }) => event);
    return ok({ events, response: placed.size < findingsPerPart });
  });
  return !executed.ok || executed.value.response;
}
