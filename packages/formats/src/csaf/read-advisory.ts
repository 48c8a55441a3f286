import type { Advisory, AffectedPackage } from '../advisory/advisory.ts';
import { bareUrl } from '../advisory/package-urls.ts';
import { readVers } from '../vers/vers.ts';
import { definitionsOf } from './products.ts';
import type { Branch, CsafDocument, Vulnerability } from './structure.ts';
import { noteTitles } from './write-csaf.ts';

/**
 * What a CSAF security advisory about one vulnerability says, in the words of an advisory. Packages
 * are read from branches `product_family` / `product_name` / `product_version_range` with a VERS
 * text, as {@link writeCsaf} makes them; products told otherwise are left out.
 */
export function advisoryOfCsaf(document: CsafDocument): Advisory {
  const { title, tracking, references = [] } = document.document;
  const vulnerability = document.vulnerabilities?.[0] ?? {};
  return {
    id: tracking.id,
    aliases: tracking.aliases ?? [],
    title,
    details: vulnerability.notes?.find(({ category }) => category === 'description')?.text ?? title,
    affected: affectedOf(document),
    severity: [...vectorsOf(vulnerability), ...linesOf(vulnerability, noteTitles.severity)],
    weaknesses: [
      ...(vulnerability.cwe === undefined ? [] : [vulnerability.cwe.id]),
      ...linesOf(vulnerability, noteTitles.weaknesses),
    ],
    references: references
      .filter(({ category = 'external' }) => category === 'external')
      .map(({ summary, url }) => ({ type: summary.toUpperCase(), url })),
    credits: (vulnerability.acknowledgments ?? []).flatMap(({ names = [] }) => names),
    patch: patchOf(vulnerability),
    revisions: tracking.revision_history.map(({ number, date, summary }) => ({
      number: Number.parseInt(number, 10),
      date,
      summary,
    })),
  };
}

function affectedOf(document: CsafDocument): AffectedPackage[] {
  const purls = new Map(
    [...definitionsOf(document)].map(({ product }) => [
      product.product_id,
      product.product_identification_helper?.purl ?? null,
    ]),
  );
  return childrenOf(document.product_tree?.branches, 'product_family').flatMap((family) =>
    childrenOf(family.branches, 'product_name').flatMap((named) =>
      childrenOf(named.branches, 'product_version_range').flatMap((range) => {
        const vers = readVers(range.name);
        if (vers === null) return [];
        const purl = purls.get(range.product?.product_id ?? '') ?? null;
        const bare = purl === null ? null : bareUrl(purl);
        return { ecosystem: family.name, name: named.name, purl: bare, intervals: vers.intervals };
      }),
    ),
  );
}

function childrenOf(branches: readonly Branch[] | undefined, category: Branch['category']) {
  return (branches ?? []).filter((branch) => branch.category === category);
}

function vectorsOf({ scores = [] }: Vulnerability): string[] {
  return scores
    .flatMap(({ cvss_v2, cvss_v3 }) => [cvss_v2, cvss_v3])
    .flatMap((object) => {
      const vector = object?.['vectorString'];
      return typeof vector === 'string' ? vector : [];
    });
}

function linesOf({ notes = [] }: Vulnerability, title: string): string[] {
  return notes.find((note) => note.title === title)?.text.split('\n') ?? [];
}

function patchOf({ remediations = [] }: Vulnerability): Advisory['patch'] {
  for (const { category, details, url } of remediations) {
    const [sha256] = /sha256:[0-9a-f]{64}/.exec(details) ?? [];
    if (category === 'mitigation' && url !== undefined && sha256 !== undefined) {
      return { sha256, url };
    }
  }
  return null;
}
