import type { Result } from '@breakwater/kernel';
import {
  type Advisory,
  type AffectedPackage,
  actionText,
  type Publisher,
} from '../advisory/advisory.ts';
import { packageUrlsOf } from '../advisory/package-urls.ts';
import { conformOpenVex, type OpenVexDocument } from './openvex.ts';

/**
 * An advisory as OpenVEX 0.2.0: what is affected and what to do, and which versions are fixed.
 *
 * OpenVEX has no word for a range of versions. A package URL alone would call every version
 * affected, the fixed ones too; so the range stands in the purl's own `vers` qualifier, and a
 * reader that does not know it matches nothing rather than everything. Packages without a package
 * URL are left out; with none left the document is refused.
 */
export function writeOpenVex(
  advisory: Advisory,
  publisher: Publisher,
): Result<OpenVexDocument, 'openvex-nonconforming'> {
  const { id, aliases, revisions } = advisory;
  const last = revisions.at(-1);
  const name = aliases.find((alias) => alias.startsWith('CVE-')) ?? id;
  const others = [...new Set([id, ...aliases])].filter((alias) => alias !== name);
  const vulnerability = {
    '@id': publisher.page,
    name,
    description: advisory.title,
    ...(others.length === 0 ? {} : { aliases: others }),
  };
  return conformOpenVex({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': publisher.self,
    author: publisher.name,
    role: 'Coordinator',
    timestamp: last?.date,
    version: last?.number,
    tooling: 'Breakwater',
    statements: advisory.affected.flatMap((affected) => {
      const { range, fixed } = productsOf(affected);
      const action_statement = actionText(affected);
      return [
        ...(range === null
          ? []
          : [{ vulnerability, products: [range], status: 'affected', action_statement }]),
        ...(fixed.length === 0 ? [] : [{ vulnerability, products: fixed, status: 'fixed' }]),
      ];
    }),
  });
}

function productsOf(affected: AffectedPackage) {
  const urls = packageUrlsOf(affected);
  if (urls === null) return { range: null, fixed: [] };
  return { range: productOf(urls.ranged), fixed: [...urls.fixed.values()].map(productOf) };
}

const productOf = (purl: string) => ({ '@id': purl, identifiers: { purl } });
