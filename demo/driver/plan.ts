import type { Story } from './chain.ts';
import { type ExpectedInventory, readExpected } from './operators.ts';
import { stories } from './stories.ts';

/** Which stories are told, and to whom the advisories matter. */
export interface Plan {
  readonly stories: readonly Story[];
  readonly inventories: readonly ExpectedInventory[];
}

/** The main job: every story, every inventory. */
export async function wholePlan(): Promise<Plan> {
  return { stories, inventories: await readExpected() };
}

/** One story, with a few inventories that it affects and as many that it does not. */
export async function shortPlan(name: string, inventoriesEach: number): Promise<Plan> {
  const story = stories.find((s) => s.name === name);
  const cve = story?.publication.aliases[0];
  if (story === undefined || cve === undefined) throw new Error(`no story is called ${name}`);
  const all = (await readExpected()).flatMap(({ verdicts, ...inventory }) => {
    const verdict = verdicts[cve];
    return verdict === undefined ? [] : [{ ...inventory, verdicts: { [cve]: verdict } }];
  });
  const affected = all.filter((i) => i.verdicts[cve]?.affected);
  const others = all.filter((i) => !i.verdicts[cve]?.affected);
  return {
    stories: [story],
    inventories: [...affected.slice(0, inventoriesEach), ...others.slice(0, inventoriesEach)],
  };
}
