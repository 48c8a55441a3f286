import { type Digest, digestOf, type Id, parseId } from '@breakwater/kernel';
import { levelOf } from '../../../platform/commands/visibility.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Services } from '../../../services.ts';
import type { KeptVerification } from './jobs.ts';
import { findPatch, newestVerification } from './store.ts';

/**
 * A patch as publication sees it; null where there is none with this id. Its attestation goes along
 * where every proof it tells of is of what `mayGoOut`: one may have been split off since, with an
 * embargo or a marking of its own.
 */
export async function patchState(
  services: Services,
  reader: Reader,
  of: {
    readonly patch: string;
    readonly caseId: string;
    readonly mayGoOut: (findings: readonly string[]) => Promise<boolean>;
  },
) {
  const row = await findPatch(reader, of.patch);
  if (row === null) return null;
  const verification = await newestVerification(reader, of.patch);
  const diff = await services.content.get(row.diff_content);
  const kept = await readKept(services, verification?.result_content ?? null);
  const tellable = kept !== null && (await of.mayGoOut(kept.findings));
  return {
    inCase: row.case_id === of.caseId,
    verified: verification?.verdict === 'verified',
    sha256: diff === null ? '' : digestOf(diff),
    attestation: tellable ? kept.attestation : null,
  };
}

/** Digest and attestation of a published patch, for whoever is to apply it. */
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
  const attestation = parseId('attestation', kept?.attestation ?? '');
  const open = attestation !== null && (await levelOf(reader, attestation, null)) > 0;
  return { sha256: digestOf(diff), attestation: open ? attestation : null };
}

/** What is kept of a verification; null while it runs and once it was erased. */
export async function readKept(
  services: Services,
  id: Id<'content'> | null,
): Promise<KeptVerification | null> {
  const text = id === null ? null : await services.content.getText(id);
  return text === null ? null : (JSON.parse(text) as KeptVerification); // written by us, authenticated by the store
}
