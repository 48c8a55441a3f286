import type { owner } from '@breakwater/contract';
import { ok, type Result, utf8 } from '@breakwater/kernel';
import type { Call, FileAnswer } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { filesOf } from './bundle.ts';
import type { ValidateRouteNeeds } from './routes.ts';
import { findRecipe } from './store.ts';
import { type TarFile, tarOf } from './tar.ts';

/** A case of more proofs than this is read on its page. */
const proofsMax = 50;

/**
 * What an owner runs on its own machine: the recipes, the proofs of the findings it may see, and how.
 * Each proof is what a reporter handed in: data, named by us.
 */
export async function reproducer(
  services: Services,
  needs: ValidateRouteNeeds,
  { params, actor }: Call<typeof owner.reproducer>,
): Promise<Result<FileAnswer>> {
  const { database, content } = services;
  const known = await database.read(async (reader) => {
    const findings = await needs.visibleFindings(reader, params.case, actor);
    const proofs = [];
    for (const finding of findings.slice(0, proofsMax)) {
      const found = await needs.finding(reader, finding);
      const recipe = found?.recipe == null ? null : await findRecipe(reader, found.recipe);
      if (found?.proof != null && recipe !== null) proofs.push({ proof: found.proof, recipe });
    }
    return proofs;
  });
  const files: TarFile[] = [];
  const commands: string[] = [];
  const recipes = new Map(known.map(({ recipe }) => [recipe.name, recipe]));
  const erased = new Set<string>();
  for (const recipe of recipes.values()) {
    if ((await content.get(recipe.bundle_content)) === null) {
      erased.add(recipe.name);
      continue;
    }
    for (const [name, bytes] of Object.entries(await filesOf(content, recipe))) {
      files.push({ name: `recipes/${recipe.name}/${name}`, bytes });
    }
  }
  for (const [index, { proof, recipe }] of known.entries()) {
    const bytes = await content.get(proof);
    if (bytes === null || erased.has(recipe.name)) continue;
    const name = `proofs/${index + 1}.bin`;
    files.push({ name, bytes });
    commands.push(`npx breakwater validate recipes/${recipe.name} ${name}`);
  }
  const readMe = { name: 'README.txt', bytes: utf8(readMeOf(commands)) };
  return ok({ bytes: tarOf([readMe, ...files]), fileName: `${params.case}-reproducer.tar` });
}

function readMeOf(commands: readonly string[]): string {
  if (commands.length === 0) {
    return 'Nothing of this case can be run by a recipe. Read the findings on its page.\n';
  }
  return `How to see it on your own machine

You need Linux, Node 20 or later and bubblewrap; no server and no account. In this folder:

${commands.map((command) => `  ${command}`).join('\n')}

Each builds the target by its recipe, runs the proof five times in a sandbox without a network, and
runs a control beside it. recipes/<name>/recipe.json says what is built from where, and what the
signs of success are. The proofs are what reporters handed in: treat them as hostile, and run them
in the sandbox only.
`;
}
