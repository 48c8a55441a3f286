import {
  type Advisory,
  advisoryOfOsv,
  type Publisher,
  type Revision,
} from '@breakwater/formats/advisory';
import { csafFileName, writeCsaf } from '@breakwater/formats/csaf';
import { writeCnaContainer } from '@breakwater/formats/cve';
import { writeOpenVex } from '@breakwater/formats/openvex';
import type { OsvRecord } from '@breakwater/formats/osv';
import { ok, type Result } from '@breakwater/kernel';
import { z } from 'zod';

/** An advisory in the formats beside OSV, each as it is served, to the byte. */
export const Documents = z.object({
  csaf: z.string(),
  cve: z.string(),
  /** null: of no package is there a package URL, and OpenVEX has no other word for one. */
  openvex: z.string().nullable(),
});
export type Documents = z.infer<typeof Documents>;

/** Who publishes here, and the address it does so at, without a slash at the end. */
export interface Issuer extends Pick<Publisher, 'name' | 'contact'> {
  readonly url: string;
}

/** What we put into our own records; see decide.ts. */
export const VerifiedPatch = z.object({
  id: z.string(),
  sha256: z.string(),
  attestation: z.string().nullable(),
});

/**
 * Writes a published record in every other format; refused where one of them may not say it.
 */
export function writeDocuments(
  record: OsvRecord,
  revisions: readonly Revision[],
  issuer: Issuer,
): Result<Documents> {
  const patch = VerifiedPatch.safeParse(record.database_specific?.['verified_patch']);
  const page = `${issuer.url}/advisories/${record.id}`;
  const advisory = advisoryOfOsv(record, {
    revisions,
    patch: patch.success ? { sha256: patch.data.sha256, url: page } : null,
  });
  const publisher = (self: string): Publisher => ({
    name: issuer.name,
    namespace: issuer.url,
    contact: issuer.contact,
    self,
    page,
  });
  const at = `${issuer.url}/v1/advisories/${record.id}`;
  const csaf = writeCsaf(advisory, publisher(`${issuer.url}${csafPath(advisory)}`));
  if (!csaf.ok) return csaf;
  const openvex = writeOpenVex(advisory, publisher(`${at}?format=openvex`));
  // A draft for the CNA that assigned the id, or will: nobody here is one, and none is made up.
  const cve = writeCnaContainer(advisory, publisher(`${at}?format=cve`), null);
  if (!cve.ok) return cve;
  return ok({
    csaf: textOf(csaf.value),
    cve: textOf({ cnaContainer: cve.value }),
    openvex: openvex.ok ? textOf(openvex.value) : null,
  });
}

/** The folder everything TLP:CLEAR lies in: WHITE, as CSAF 2.0 still calls it. */
export const csafFolder = '/.well-known/csaf/white';

/** Where the CSAF document lies (csaf-v2.0, 7.1.11): by the year of its first publication. */
export function csafPath({ id, revisions }: Pick<Advisory, 'id' | 'revisions'>): string {
  return `${csafFolder}/${revisions[0]?.date.slice(0, 4) ?? ''}/${csafFileName(id)}`;
}

/** Members by name (csaf-v2.0, 6.2.13), so that a person finds them and versions compare. */
function textOf(document: object): string {
  return `${JSON.stringify(document, byName, 2)}\n`;
}

function byName(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
