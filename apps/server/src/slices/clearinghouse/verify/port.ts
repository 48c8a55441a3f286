import { type Digest, digestOf, type Id } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';
import type { Services } from '../../../services.ts';
import type { KeptVerification } from './jobs.ts';
import { findPatch, newestVerification } from './store.ts';

/** A patch as publication sees it; null where there is none with this id. */
export async function patchState(
  services: Services,
  reader: Reader,
  patch: string,
  caseId: string,
) {
  const row = await findPatch(reader, patch);
  if (row === null) return null;
  const verification = await newestVerification(reader, patch);
  const known = await publishedPatch(services, reader, patch);
  return {
    inCase: row.case_id === caseId,
    verified: verification?.verdict === 'verified',
    sha256: known?.sha256 ?? '',
    attestation: known?.attestation ?? null,
  };
}

/** Digest and attestation of a patch, for whoever is to apply it. */
export async function publishedPatch(
  services: Services,
  reader: Reader,
  patch: string,
): Promise<{ readonly sha256: Digest; readonly attestation: Id<'attestation'> | null } | null> {
  const row = await findPatch(reader, patch);
  const diff = row === null ? null : await services.content.get(row.diff_content);
  if (diff === null) return null;
  const verification = await newestVerification(reader, patch);
  const kept = await readKept(services, verification?.result_content ?? null);
  return {
    sha256: digestOf(diff),
    attestation: (kept?.attestation ?? null) as Id<'attestation'> | null,
  }; // an id of ours
}

/** What is kept of a verification; null while it runs and once it was erased. */
export async function readKept(
  services: Services,
  id: Id<'content'> | null,
): Promise<KeptVerification | null> {
  const text = id === null ? null : await services.content.getText(id);
  return text === null ? null : (JSON.parse(text) as KeptVerification); // written by us, authenticated by the store
}
