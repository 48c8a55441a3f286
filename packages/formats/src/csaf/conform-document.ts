import type { Finding } from './fault.ts';
import type { CsafDocument } from './structure.ts';

/** 6.1.15: a translation says from which language. */
export function* translatorWithoutSource({ document }: CsafDocument): Generator<Finding> {
  const isSaid = document.source_lang !== undefined;
  if (document.publisher.category === 'translator' && !isSaid) {
    yield ['/document', 'by a translator, without source_lang'];
  }
}

/** 6.1.28: what is translated changes its language. */
export function* translationIntoItself({ document }: CsafDocument): Generator<Finding> {
  const { lang, source_lang } = document;
  if (lang !== undefined && lang.toLowerCase() === source_lang?.toLowerCase()) {
    yield ['/document/source_lang', `${lang} is the language of the document too`];
  }
}

/** 6.1.23: each CVE has one item. */
export function* repeatedCves(document: CsafDocument): Generator<Finding> {
  const seen = new Set<string>();
  for (const [i, { cve }] of (document.vulnerabilities ?? []).entries()) {
    if (cve === undefined) continue;
    if (seen.has(cve)) yield [`/vulnerabilities/${i}/cve`, `${cve} has an item before`];
    seen.add(cve);
  }
}

/** 6.1.24: a party is in one state of involvement at a time. */
export function* repeatedInvolvements(document: CsafDocument): Generator<Finding> {
  for (const [i, { involvements = [] }] of (document.vulnerabilities ?? []).entries()) {
    const seen = new Set<string>();
    for (const [j, { party, date }] of involvements.entries()) {
      const key = `${party} ${date ?? ''}`;
      if (seen.has(key)) {
        yield [`/vulnerabilities/${i}/involvements/${j}`, `a second word of the ${party} then`];
      }
      seen.add(key);
    }
  }
}

const profiles: ReadonlySet<string> = new Set([
  'csaf_base',
  'csaf_security_incident_response',
  'csaf_informational_advisory',
  'csaf_security_advisory',
  'csaf_vex',
]);

/** Names and values of the profiles, without dash, space and underscore. */
const reserved: ReadonlySet<string> = new Set(
  [...profiles]
    .filter((value) => value !== 'csaf_base')
    .flatMap((value) => [bare(value), bare(value.slice('csaf_'.length))]),
);

/** Dashes: hyphen, non-breaking hyphen and the rest of Unicode's class of them. */
function bare(text: string): string {
  return text.toLowerCase().replace(/[\p{Pd}\s_]+/gu, '');
}

/** 6.1.26: a category of one's own cannot be taken for a profile. */
export function* pretendedProfile({ document }: CsafDocument): Generator<Finding> {
  const { category } = document;
  if (profiles.has(category)) return;
  if (reserved.has(bare(category)) || category.toLowerCase().startsWith('csaf_')) {
    yield ['/document/category', `${JSON.stringify(category)} can be taken for a profile`];
  }
}
