import type { Services } from '../../../services.ts';
import { type Documents, type Issuer, writeDocuments } from './documents.ts';
import { type AdvisoryVersion, revisionsOf } from './versions/store.ts';

/** Who publishes here now. */
export function issuerOf({ publisher, site }: Pick<Services, 'publisher' | 'site'>): Issuer {
  const { url, host } = site();
  return { name: publisher.name ?? `Breakwater at ${host}`, contact: publisher.contact, url };
}

/**
 * The documents of the last of `versions`, the first one first: as they went out, so that no later
 * setting or release of ours changes what was published. What went out before they were kept is
 * written now; that it can be was seen when it was published.
 */
export function documentsOf(services: Services, versions: readonly AdvisoryVersion[]): Documents {
  const last = versions.at(-1);
  if (last === undefined) throw new Error('expected an advisory to have a version');
  if (last.documents !== null) return last.documents;
  const written = writeDocuments(last.osv, revisionsOf(versions), issuerOf(services));
  if (!written.ok) throw new Error(`${last.advisory}: ${JSON.stringify(written.refusal)}`);
  return written.value;
}
