import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { RecipePath } from '@breakwater/proof';
import {
  type Capabilities,
  type LoadedRecipe,
  openSandbox,
  readRecipe,
  runCampaign,
  type Sandbox,
  validate,
  verifyPatch,
} from '@breakwater/runner';
import type { Proving, RecipeFiles } from './proving.ts';

export interface LocalProvingOptions {
  /** Fetched sources and builds are kept here by digest. */
  readonly cacheDirectory: string;
  readonly slots: number;
}

/** Proving on this machine. Where it has no sandbox, everything else still works. */
export async function openLocalProving(options: LocalProvingOptions): Promise<Proving> {
  const cacheDir = options.cacheDirectory;
  const sandbox = await openSandbox({ slots: options.slots });
  const { capabilities } = sandbox;

  async function prepared<T>(
    files: RecipeFiles,
    work: (recipe: LoadedRecipe, sandbox: Sandbox) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    if (capabilities.tier === 'refuse') return refuse(noSandbox(capabilities));
    const recipe = await load(cacheDir, files);
    return recipe.ok ? await work(recipe.value, sandbox) : recipe;
  }

  return {
    capabilities,
    async read(files) {
      const recipe = await load(cacheDir, files);
      if (!recipe.ok) return recipe;
      const { title, package: purl, campaign } = recipe.value.recipe;
      return ok({
        digest: recipe.value.digest,
        title,
        package: purl,
        harness: campaign !== undefined,
      });
    },
    validate: ({ files, ...order }) =>
      prepared(files, (recipe, box) => validate({ ...order, recipe, sandbox: box, cacheDir })),
    verify: ({ files, ...order }) =>
      prepared(files, (recipe, box) => verifyPatch({ ...order, recipe, sandbox: box, cacheDir })),
    fuzz: ({ files, ...order }) =>
      prepared(files, (recipe, box) => runCampaign({ ...order, recipe, sandbox: box, cacheDir })),
    close: () => sandbox.close(),
  };
}

/** Lays the files in a folder of their own and reads them as the recipe they are. */
async function load(cacheDirectory: string, files: RecipeFiles): Promise<Result<LoadedRecipe>> {
  // Below the cache, whose work folder is swept: a killed server leaves no recipe in public places.
  const work = path.join(cacheDirectory, 'work');
  await mkdir(work, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(work, 'recipe-'));
  try {
    const names = Object.keys(files);
    for (const [name, bytes] of Object.entries(files)) {
      const isFolder = names.some((other) => other.startsWith(`${name}/`));
      if (isFolder || !RecipePath.safeParse(name).success) return refuse(unfitName(name));
      await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
      await writeFile(path.join(folder, name), bytes);
    }
    return await readRecipe(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noSandbox(capabilities: Capabilities): Refusal {
  return {
    code: 'sandbox-unavailable',
    expected: 'a sandbox on this machine',
    got: capabilities.reason,
    todo: 'install what is missing and start again; docs/operate tells how',
  };
}

function unfitName(name: string): Refusal {
  return {
    code: 'recipe-malformed',
    expected: 'plain relative file names, none of them the folder of another',
    got: JSON.stringify(name.slice(0, 100)),
    todo: 'rename the file',
  };
}
