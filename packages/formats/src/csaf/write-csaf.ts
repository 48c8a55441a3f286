import type { Result } from '@breakwater/kernel';
import {
  type Advisory,
  type AffectedPackage,
  actionText,
  intervalText,
  type Publisher,
} from '../advisory/advisory.ts';
import { packageUrlsOf } from '../advisory/package-urls.ts';
import { ratingOf, stepsOf } from '../cvss/score.ts';
import { parseCvss } from '../cvss/vector.ts';
import { cweName } from '../cwe/cwe.ts';
import { asUri } from '../uri/uri.ts';
import { writeVers } from '../vers/vers.ts';
import { conformCsaf } from './conform.ts';
import type { CsafDocument } from './structure.ts';

/** Titles of notes that hold what CSAF 2.0 has no member for; read-advisory.ts knows them. */
export const noteTitles = {
  severity: 'CVSS vectors CSAF 2.0 has no member for',
  weaknesses: 'Further weaknesses',
} as const;

/**
 * An advisory as a CSAF 2.0 security advisory (csaf-v2.0, 4.4), TLP:WHITE, final.
 *
 * Its versions are integers (3.1.11.1): one for each revision. Ranges are VERS texts, so that a
 * machine can hold versions against them. CSAF 2.0 knows neither CVSS 4.0 nor a second weakness:
 * both stand in notes. Refused where the parts make no valid document.
 */
export function writeCsaf(
  advisory: Advisory,
  publisher: Publisher,
): Result<CsafDocument, 'csaf-nonconforming'> {
  const packages = advisory.affected.map((affected, i) => productsOf(affected, i));
  return conformCsaf({
    document: documentOf(advisory, publisher),
    product_tree: { branches: branchesOf(packages) },
    vulnerabilities: [vulnerabilityOf(advisory, packages)],
  });
}

/** The name of a document's file (csaf-v2.0, 5.1), made of its tracking id. */
export function csafFileName(id: string): string {
  return `${id.toLowerCase().replace(/[^+\-a-z0-9]+/g, '_')}.json`;
}

function documentOf(advisory: Advisory, { name, namespace, contact, self, page }: Publisher) {
  const { revisions, aliases, references } = advisory;
  const last = revisions.at(-1);
  return {
    category: 'csaf_security_advisory',
    csaf_version: '2.0',
    distribution: {
      text: 'TLP:CLEAR, which TLP 1.0 calls WHITE: without restriction.',
      tlp: { label: 'WHITE', url: 'https://www.first.org/tlp/' },
    },
    lang: 'en',
    notes: [{ category: 'summary', text: advisory.title }],
    publisher: {
      category: 'coordinator',
      ...(contact === null ? {} : { contact_details: contact }),
      name,
      namespace,
    },
    references: [
      { category: 'self', summary: 'This document', url: self },
      { category: 'self', summary: 'The advisory for people', url: page },
      ...references.map(({ type, url }) => ({
        category: 'external',
        summary: wordOf(type),
        url: asUri(url),
      })),
    ],
    title: advisory.title,
    tracking: {
      ...(aliases.length === 0 ? {} : { aliases: [...new Set(aliases)] }),
      current_release_date: last?.date,
      generator: { date: last?.date, engine: { name: 'Breakwater' } },
      id: advisory.id,
      initial_release_date: revisions[0]?.date,
      revision_history: revisions.map(({ number, date, summary }) => ({
        date,
        number: String(number),
        summary,
      })),
      status: 'final',
      version: String(last?.number),
    },
  };
}

const wordOf = (type: string): string => type.slice(0, 1) + type.slice(1).toLowerCase();

interface Product {
  readonly category: 'product_version_range' | 'product_version';
  readonly name: string;
  readonly product: {
    readonly name: string;
    readonly product_id: string;
    readonly product_identification_helper?: { readonly purl: string };
  };
}

/** A package with the product that is affected, and those that are fixed. */
interface Package {
  readonly affected: AffectedPackage;
  readonly range: Product;
  readonly fixed: readonly Product[];
}

function productsOf(affected: AffectedPackage, place: number): Package {
  const { ecosystem, name, intervals } = affected;
  const number = String(place + 1).padStart(4, '0');
  const urls = packageUrlsOf(affected);
  const spoken = intervals.map(intervalText).join('; ');
  const versions = [...new Set(intervals.flatMap(({ fixed }) => fixed ?? []))];
  return {
    affected,
    range: {
      category: 'product_version_range',
      name: writeVers(urls?.type ?? 'generic', intervals),
      product: {
        name: `${name} ${spoken} (${ecosystem})`,
        product_id: `CSAFPID-${number}-affected`,
        ...helperOf(urls?.plain),
      },
    },
    fixed: versions.map((version, i) => ({
      category: 'product_version',
      name: version,
      product: {
        name: `${name} ${version} (${ecosystem})`,
        product_id: `CSAFPID-${number}-fixed-${i + 1}`,
        ...helperOf(urls?.fixed.get(version)),
      },
    })),
  };
}

function helperOf(purl: string | undefined) {
  return purl === undefined ? {} : { product_identification_helper: { purl } };
}

/** Ecosystem, package, versions: we do not know the vendor, and a distribution is none. */
function branchesOf(packages: readonly Package[]) {
  const families = Map.groupBy(packages, ({ affected }) => affected.ecosystem);
  return [...families].map(([ecosystem, members]) => ({
    category: 'product_family',
    name: ecosystem,
    branches: members.map(({ affected, range, fixed }) => ({
      category: 'product_name',
      name: affected.name,
      branches: [range, ...fixed],
    })),
  }));
}

function vulnerabilityOf(advisory: Advisory, packages: readonly Package[]) {
  const affected = packages.map(({ range }) => range.product.product_id);
  const fixed = packages.flatMap((of) => of.fixed.map(({ product }) => product.product_id));
  const { scores, others } = scoresOf(advisory.severity, affected);
  const weaknesses = weaknessesOf(advisory.weaknesses);
  const { credits, patch } = advisory;
  return {
    ...(credits.length === 0
      ? {}
      : { acknowledgments: credits.map((name) => ({ names: [name], summary: 'Finder' })) }),
    ...identifiersOf(advisory),
    ...(weaknesses.first === null ? {} : { cwe: weaknesses.first }),
    notes: [
      { category: 'description', title: 'What it is', text: advisory.details },
      ...noteOf(noteTitles.severity, others),
      ...noteOf(noteTitles.weaknesses, weaknesses.others),
    ],
    product_status: {
      known_affected: affected,
      ...(fixed.length === 0 ? {} : { fixed, first_fixed: fixed }),
    },
    release_date: advisory.revisions[0]?.date,
    remediations: [
      ...packages.map((of) => ({
        category: of.fixed.length === 0 ? 'none_available' : 'vendor_fix',
        details: actionText(of.affected),
        product_ids: [of.range.product.product_id],
      })),
      ...(patch === null
        ? []
        : [
            {
              category: 'mitigation',
              details: `Where no fixed version can be had: a patch that was verified against the proof of the vulnerability, ${patch.sha256}.`,
              product_ids: affected,
              url: patch.url,
            },
          ]),
    ],
    ...(scores.length === 0 ? {} : { scores }),
    title: advisory.title,
  };
}

function noteOf(title: string, lines: readonly string[]) {
  return lines.length === 0 ? [] : [{ category: 'other', title, text: lines.join('\n') }];
}

/**
 * The first CVE as such; all else, our own id included, by the system that gave it. A second CVE
 * stands among the aliases of the document alone: no other system gave it (6.2.17).
 */
function identifiersOf({ id, aliases }: Advisory) {
  const isCve = (alias: string): boolean => /^CVE-\d{4}-\d{4,}$/.test(alias);
  const cve = aliases.find(isCve);
  const others = [...new Set([id, ...aliases])].filter((alias) => !isCve(alias));
  const ids = others.map((text) => ({
    system_name: text === id ? 'Breakwater' : (text.split('-')[0] ?? text),
    text,
  }));
  return { ...(cve === undefined ? {} : { cve }), ids };
}

function weaknessesOf(ids: readonly string[]) {
  const named = ids.find((id) => cweName(id) !== null);
  const name = named === undefined ? null : cweName(named);
  return {
    first: named === undefined || name === null ? null : { id: named, name },
    others: ids.filter((id) => id !== named),
  };
}

/** One score of each version (6.1.7); what is left has no member of its own. */
function scoresOf(vectors: readonly string[], products: readonly string[]) {
  const scores = new Map<string, object>();
  const others: string[] = [];
  for (const text of vectors) {
    const vector = parseCvss(text);
    const steps = vector.ok ? stepsOf(vector.value) : null;
    if (!vector.ok || steps === null || scores.has(vector.value.version)) {
      others.push(text);
      continue;
    }
    const { version } = vector.value;
    const object = { version, vectorString: vector.value.text, baseScore: steps.base };
    const score =
      version === '2.0'
        ? { cvss_v2: object }
        : { cvss_v3: { ...object, baseSeverity: ratingOf(steps.base) } };
    scores.set(version, { ...score, products });
  }
  return { scores: [...scores.values()], others };
}
