import type { AffectedPackage } from '../advisory/advisory.ts';
import { bareUrl } from '../advisory/package-urls.ts';
import { parsePurl } from '../purl/purl.ts';
import { readVers } from '../vers/vers.ts';
import type { VexDocument } from './read-openvex.ts';

/**
 * What a document calls affected with a range of versions, as {@link writeOpenVex} says it: a
 * package URL without its `vers` and `distro`, and the range.
 */
export function affectedOfOpenVex({
  statements,
}: VexDocument): Pick<AffectedPackage, 'purl' | 'intervals'>[] {
  return statements
    .filter(({ status }) => status === 'affected')
    .flatMap(({ products }) => products)
    .flatMap(({ id }) => {
      const purl = parsePurl(id);
      const vers = purl.ok ? readVers(purl.value.qualifiers.get('vers') ?? '') : null;
      if (vers === null) return [];
      return { purl: bareUrl(id), intervals: vers.intervals };
    });
}
