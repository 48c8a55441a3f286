import registry from 'language-subtag-registry/data/json/index.json' with { type: 'json' };
import { namesOf } from '../cwe/cwe.ts';
import { parsePurl } from '../purl/purl.ts';
import type { Finding } from './fault.ts';
import { definitionsOf } from './products.ts';
import type { CsafDocument } from './structure.ts';

/** 6.1.11: the weakness exists and is called so, now or in an earlier version of CWE. */
export function* unknownWeaknesses(document: CsafDocument): Generator<Finding> {
  for (const [i, { cwe }] of (document.vulnerabilities ?? []).entries()) {
    if (cwe === undefined) continue;
    const names = namesOf(cwe.id);
    const [name] = names;
    const pointer = `/vulnerabilities/${i}/cwe`;
    if (name === undefined) yield [`${pointer}/id`, `there is no weakness ${cwe.id}`];
    else if (!names.includes(cwe.name)) yield [`${pointer}/name`, `${cwe.id} is called ${name}`];
  }
}

/** 6.1.12: the language exists. */
export function* unknownLanguages({ document }: CsafDocument): Generator<Finding> {
  const { lang, source_lang } = document;
  for (const [name, tag] of Object.entries({ lang, source_lang })) {
    const unknown = tag === undefined ? null : unknownSubtag(tag);
    if (unknown !== null) yield [`/document/${name}`, `no subtag ${JSON.stringify(unknown)}`];
  }
}

const subtags: ReadonlyMap<string, object> = new Map(Object.entries(registry));

/**
 * The first subtag of a well-formed tag that IANA's registry does not know (RFC 5646, 2.2.9); null
 * where all are known. What follows a singleton belongs to an extension, or to whoever wrote it.
 */
function unknownSubtag(tag: string): string | null {
  const parts = tag.toLowerCase().split('-');
  if (parts[0] === 'i') return subtags.has(parts.join('-')) ? null : tag;
  for (const [i, part] of parts.entries()) {
    if (part.length === 1) return null;
    if (!kindsAt(i, part).some((kind) => isRegistered(part, kind))) return part;
  }
  return null;
}

/** RFC 5646, 2.1: by its place and length a subtag can be of few kinds. */
function kindsAt(place: number, part: string): readonly string[] {
  if (place === 0) return ['language'];
  if (part.length === 2) return ['region'];
  if (part.length === 3) return ['region', 'extlang'];
  return ['script', 'variant'];
}

function isRegistered(part: string, kind: string): boolean {
  // Reserved for private use; the registry lists the ends of these ranges only.
  if (kind === 'language' && /^q[a-t][a-z]$/.test(part)) return true;
  if (kind === 'script' && /^qa(?:a[a-z]|b[a-x])$/.test(part)) return true;
  if (kind === 'region' && /^(?:q[m-z]|x[a-z])$/.test(part)) return true;
  const known = subtags.get(part);
  return known !== undefined && Object.hasOwn(known, kind);
}

/** 6.1.13: the package URL is one. */
export function* malformedPurls(document: CsafDocument): Generator<Finding> {
  for (const { product, pointer } of definitionsOf(document)) {
    const purl = product.product_identification_helper?.purl;
    const parsed = purl === undefined ? null : parsePurl(purl);
    if (parsed === null || parsed.ok) continue;
    yield [`${pointer}/product_identification_helper/purl`, parsed.refusal.got];
  }
}
