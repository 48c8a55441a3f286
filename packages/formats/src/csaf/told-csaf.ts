import { lineOf, proseOf, type ToldFinding, toldLimits, versionOf } from '../finding/finding.ts';
import { buildPurl, parsePurl } from '../purl/purl.ts';
import type { CsafAbout, CsafAdvisory, CsafProduct, CsafScore, CsafVulnerability } from './csaf.ts';

/** Findings read from an advisory, and what of it is in none of them. */
export interface ToldByAdvisory {
  readonly findings: readonly ToldFinding[];
  readonly notes: readonly string[];
}

/** In one description; the document has all. */
const linesMax = 200;

/**
 * The vulnerabilities of a document as findings: one for each package that it names by a package
 * URL, or one without a package where it names products in words alone.
 */
export function toldByCsaf(advisory: CsafAdvisory): ToldByAdvisory {
  const notes = [...advisory.notes];
  const findings = advisory.vulnerabilities.flatMap((vulnerability) => {
    const affected = vulnerability.status.affected.flatMap((id) => advisory.products.get(id) ?? []);
    const named = new Map<string, CsafProduct[]>();
    for (const product of affected) {
      const name = packageOf(product.purl);
      if (name === null) continue;
      const others = named.get(name);
      if (others === undefined) named.set(name, [product]);
      else others.push(product);
    }
    if (affected.length === 0) {
      notes.push(`${nameOf(vulnerability)}: no product is known to be affected.`);
      return [];
    }
    const packages = named.size === 0 ? [[null, affected] as const] : [...named];
    const said = {
      threats: byProduct(vulnerability.threats),
      remediations: byProduct(vulnerability.remediations),
      scores: byProduct(vulnerability.scores),
    };
    return packages.map(([name, products]) =>
      toldOf(advisory, vulnerability, { name, products, said }),
    );
  });
  return { findings, notes };
}

interface About {
  readonly name: string | null;
  readonly products: readonly CsafProduct[];
  readonly said: {
    readonly threats: Said<CsafAbout>;
    readonly remediations: Said<CsafAbout>;
    readonly scores: Said<CsafScore>;
  };
}

/** What is said of some products, and of all where no product is named. */
type Said<T> = (products: readonly CsafProduct[]) => readonly T[];

function byProduct<T extends { readonly products: readonly string[] }>(all: readonly T[]): Said<T> {
  const general = all.filter(({ products }) => products.length === 0);
  const of = new Map<string, T[]>();
  for (const each of all) {
    for (const product of each.products) {
      const others = of.get(product);
      if (others === undefined) of.set(product, [each]);
      else others.push(each);
    }
  }
  return (products) => {
    const about = new Set(products.flatMap(({ id }) => of.get(id) ?? []));
    return [...about, ...general];
  };
}

function toldOf(
  advisory: CsafAdvisory,
  vulnerability: CsafVulnerability,
  { name, products, said }: About,
): ToldFinding {
  const words = (each: CsafAbout) => `${each.category.replaceAll('_', ' ')}: ${each.details}`;
  const versions = products.flatMap((product) => versionOf(versionIn(product)) ?? []);
  const { title, description, cve } = vulnerability;
  const parts = [
    description ?? '',
    section('Affected', products.map(wordsFor)),
    section('What it leads to', said.threats(products).map(words)),
    section('What to do', said.remediations(products).map(words)),
    `As told by ${advisory.publisher.name} in ${advisory.id} (${advisory.title}).`,
  ];
  const other = vulnerability.ids.map(({ id }) => id.trim());
  return {
    package: name,
    version: name === null ? null : (versions.at(-1) ?? null),
    title: lineOf(title ?? `${nameOf(vulnerability)}: ${advisory.title}`),
    description: proseOf(parts.filter((part) => part !== '').join('\n\n')),
    weakness: vulnerability.weakness,
    location: null,
    identifiers: [...new Set([cve ?? '', ...other, advisory.id])]
      .filter((id) => id.length >= 3 && id.length <= toldLimits.identifierMax)
      .slice(0, toldLimits.identifiersMax),
    cvss: said.scores(products)[0]?.vector ?? null,
    tool: null,
  };
}

function nameOf({ cve, ids, title }: CsafVulnerability): string {
  return cve ?? ids[0]?.id ?? title ?? 'A vulnerability without a name';
}

function wordsFor({ name, versionRange, version }: CsafProduct): string {
  const range = versionRange ?? version;
  return range === null || name.includes(range) ? name : `${name} ${range}`;
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const more = lines.length - linesMax;
  const shown = [...new Set(lines.slice(0, linesMax))];
  return [`${title}:`, ...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}

function packageOf(text: string | null): string | null {
  const purl = text === null ? null : parsePurl(text);
  if (purl?.ok !== true) return null;
  const { type, namespace, name } = purl.value;
  const bare = buildPurl({ type, namespace, name });
  return bare.ok ? bare.value.canonical : null;
}

function versionIn({ purl, version }: CsafProduct): string | null {
  const parsed = purl === null ? null : parsePurl(purl);
  return (parsed?.ok === true ? parsed.value.version : undefined) ?? version;
}
