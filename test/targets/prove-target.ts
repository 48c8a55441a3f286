import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type PatchRecord,
  readRecipe,
  type Sandbox,
  type ValidationRecord,
  validate,
  verifyPatch,
} from '@breakwater/runner';
import { type Place, readFix } from './fix.ts';
import type { Target } from './target.ts';

/** What proving one target came to. */
export interface Proven {
  readonly target: Target;
  readonly validation: ValidationRecord;
  readonly fix: PatchRecord;
  readonly badPatches: readonly PatchRecord[];
  readonly seconds: number;
}

/** Why a target could not be tried: its sources or tools cannot be had here. */
export interface Untried {
  readonly untried: string;
}

/** Validates the proof, verifies the real fix, and tries every bad patch. */
export async function proveTarget(
  target: Target,
  place: Place & { readonly sandbox: Sandbox },
): Promise<Proven | Untried> {
  const start = performance.now();
  const recipe = await readRecipe(join(place.root, target.recipe));
  if (!recipe.ok) throw new Error(`${recipe.refusal.code}: ${recipe.refusal.got}`);
  const bytes = readFileSync(join(place.root, target.proof));
  const expected = target.signature === null ? {} : { expectedSignature: target.signature };
  const job = { recipe: recipe.value, sandbox: place.sandbox, cacheDir: place.cacheDir };

  const validation = await validate({ ...job, proof: bytes, ...expected });
  if (!validation.ok) return { untried: validation.refusal.got };
  const proofs = [{ name: basename(target.proof), bytes, ...expected }];
  const tried: PatchRecord[] = [];
  const patches = [
    await readFix(target.fix, recipe.value, place),
    ...target.badPatches.map(({ path }) => readFileSync(join(place.root, path))),
  ];
  for (const patch of patches) {
    const record = await verifyPatch({ ...job, patch, proofs });
    if (!record.ok) return { untried: record.refusal.got };
    tried.push(record.value);
  }
  const [fix, ...badPatches] = tried;
  if (fix === undefined) throw new Error('the fix was tried first');
  const seconds = (performance.now() - start) / 1000;
  return { target, validation: validation.value, fix, badPatches, seconds };
}
