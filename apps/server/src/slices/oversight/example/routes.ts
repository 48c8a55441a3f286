import { type Example, example } from '@breakwater/contract';
import { type Id, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import { setAudience } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { forget } from '../../../platform/directory/forget.ts';
import { type Call, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { clearItems, type ItemKind, itemsOf, loadRow, setState } from './store.ts';
import { readStory } from './story.ts';

/** What the example asks of other slices; bound in slices/index.ts. */
export interface ExampleNeeds {
  /** Whether nobody handed anything in and no inventory is here. */
  isEmpty(reader: Reader): Promise<boolean>;
  /** Every content item of these subjects. */
  contentsOf(reader: Reader, subjects: readonly string[]): Promise<readonly Id<'content'>[]>;
  /** Whether one of `cases` holds a finding that is none of `findings`. */
  holdOthers(
    reader: Reader,
    cases: readonly string[],
    findings: readonly string[],
  ): Promise<boolean>;
  /** Takes advisories and inventories out, with their notices; answers with the notices' ids. */
  takeOut(
    tx: Transaction,
    gone: { readonly advisories: readonly string[]; readonly inventories: readonly string[] },
  ): Promise<readonly string[]>;
  /** Takes cases out of every list and count. */
  takeFromLists(tx: Transaction, cases: readonly string[], now: Instant): Promise<void>;
  /** Lets parties be chosen and seen by nobody any more. */
  closeParties(tx: Transaction, parties: readonly string[], now: string): Promise<void>;
}

/** The operations of this slice. */
export function exampleRoutes(services: Services, needs: ExampleNeeds): readonly Route[] {
  return [
    route(example.get, async () => ok(await view(services, needs))),
    route(example.load, (call) => load(services, needs, call)),
    route(example.remove, (call) => remove(services, needs, call)),
  ];
}

type State = { state: Example['state'] };

async function load(
  services: Services,
  needs: ExampleNeeds,
  { envelope }: Call<typeof example.load>,
): Promise<Result<State>> {
  if ((await readStory()) === null) return refuse(missing);
  const executed = await services.execute<State>(envelope, async (tx, now) => {
    const before = await loadRow(tx);
    const again = before === null || before.state === 'removed';
    if (!again || !(await needs.isEmpty(tx))) return refuse(notEmpty);
    await setState(tx, 'loading', now);
    const event = { act: 'example.loading', subject: 'example', data: {} };
    const jobs = [{ job: 'example.load', payload: {} }];
    return ok({ events: [event], jobs, response: { state: 'loading' } });
  });
  return responseOf(executed);
}

/** Erases all content of the example and takes it out of everybody's sight; the log keeps its entries. */
async function remove(
  services: Services,
  needs: ExampleNeeds,
  { envelope }: Call<typeof example.remove>,
): Promise<Result<State>> {
  const executed = await services.execute<State>(envelope, async (tx, now) => {
    const before = await loadRow(tx);
    if (before?.state !== 'loaded' && before?.state !== 'failed') return refuse(none);
    const items = await itemsOf(tx);
    const ids = (kind: ItemKind) => items.filter((i) => i.kind === kind).map((i) => i.id);
    if (await needs.holdOthers(tx, ids('case'), ids('finding'))) return refuse(joined);
    const notices = await needs.takeOut(tx, {
      advisories: ids('advisory'),
      inventories: ids('inventory'),
    });
    const subjects = [...items.map((item) => item.id), ...notices];
    for (const subject of subjects) await setAudience(tx, subject, []);
    await needs.takeFromLists(tx, ids('case'), now);
    await needs.closeParties(tx, ids('party'), now);
    const jobs = await forget(tx, await needs.contentsOf(tx, subjects), now);
    await clearItems(tx);
    await setState(tx, 'removed', now);
    const event = { act: 'example.removed', subject: 'example', data: {} };
    return ok({ events: [event], jobs, response: { state: 'removed' } });
  });
  return responseOf(executed);
}

async function view(services: Services, needs: ExampleNeeds): Promise<Example> {
  const { row, items, empty } = await services.database.read(async (reader) => ({
    row: await loadRow(reader),
    items: await itemsOf(reader),
    empty: await needs.isEmpty(reader),
  }));
  const count = (kind: ItemKind) => items.filter((item) => item.kind === kind).length;
  const there = row !== null && row.state !== 'removed';
  const story = there ? null : await readStory();
  const counts = {
    parties: count('party'),
    findings: count('finding'),
    cases: count('case'),
    advisories: count('advisory'),
    inventories: count('inventory'),
  };
  return {
    state: row?.state ?? 'absent',
    hindrance: hindranceOf({ there, empty, shipped: story !== null }),
    since: row?.at ?? null,
    steps: Object.entries(counts).flatMap(([what, n]) => (n === 0 ? [] : [`${what}: ${n}`])),
    ...counts,
  };
}

function hindranceOf(now: { there: boolean; empty: boolean; shipped: boolean }): string | null {
  if (now.there) return 'The example is here already.';
  if (!now.empty) return 'This installation is in use: the example is for an empty one.';
  return now.shipped ? null : 'The files of the example do not lie beside this server.';
}

const notEmpty = {
  code: 'not-empty',
  expected: 'an installation in which nothing was handed in yet',
  got: 'one that is in use',
  todo: 'load the example into an installation of its own',
} as const;
const missing = {
  code: 'example-missing',
  expected: 'the files of the example beside the server',
  got: 'none',
  todo: 'run the server from a whole copy of the project',
} as const;
const joined = {
  code: 'example-joined',
  expected: 'cases of the example that hold findings of the example alone',
  got: 'one that a finding of somebody else has joined',
  todo: 'split that finding off into a case of its own, then remove the example',
} as const;
const none = {
  code: 'no-example',
  expected: 'an example that was loaded',
  got: 'none',
  todo: 'nothing',
} as const;
