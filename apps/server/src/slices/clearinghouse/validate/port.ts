import type { Id } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';
import type { RecipeFiles } from '../../../platform/sandbox/proving.ts';
import type { Services } from '../../../services.ts';
import { filesOf } from './bundle.ts';
import type { ValidateNeeds } from './jobs.ts';
import { findRecipe, newestConcluded } from './store.ts';
import { readKept } from './views.ts';

/** A proof that was reproduced, with the crash it showed. */
export interface ReproducedProof {
  readonly finding: Id<'finding'>;
  readonly content: Id<'content'>;
  readonly signature: string | null;
}

/** Those of `findings` whose newest validation reproduced them. */
export async function reproducedProofs(
  services: Services,
  reader: Reader,
  given: { readonly findings: readonly string[]; readonly needs: ValidateNeeds },
): Promise<ReproducedProof[]> {
  const proofs: ReproducedProof[] = [];
  for (const id of given.findings) {
    const finding = await given.needs.finding(reader, id);
    const validation = await newestConcluded(reader, id);
    if (finding?.proof == null || validation?.verdict !== 'reproduced') continue;
    const kept =
      validation.result_content === null
        ? null
        : await readKept(services, validation.result_content);
    const signature = kept?.record?.judgement.signatures[0] ?? null;
    proofs.push({ finding: finding.id, content: finding.proof, signature });
  }
  return proofs;
}

/** The files of a kept recipe; null where there is none of that name. */
export async function recipeFiles(services: Services, name: string): Promise<RecipeFiles | null> {
  const row = await services.database.read((r) => findRecipe(r, name));
  return row === null ? null : await filesOf(services.content, row);
}
