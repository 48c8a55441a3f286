import type { Finding } from './fault.ts';
import { groupsOf, productsOf } from './products.ts';
import type { CsafDocument } from './structure.ts';

const informative = ['csaf_informational_advisory', 'csaf_security_incident_response'];
const aboutProducts = ['csaf_security_advisory', 'csaf_vex'];

const isOf = (document: CsafDocument, categories: readonly string[]): boolean =>
  categories.includes(document.document.category);

/** 6.1.27.1: what informs has a text. */
export function* missingDocumentNotes(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, informative)) return;
  const telling = ['description', 'details', 'general', 'summary'];
  const notes = document.document.notes ?? [];
  if (!notes.some(({ category }) => telling.includes(category))) {
    yield ['/document/notes', `no note is a ${telling.join(', ')}`];
  }
}

/** 6.1.27.2: what informs refers to somebody else. */
export function* missingReferences(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, informative)) return;
  const references = document.document.references ?? [];
  // 3.1.10.1: external unless said.
  if (!references.some(({ category = 'external' }) => category === 'external')) {
    yield ['/document/references', 'none is external'];
  }
}

/** 6.1.27.3: what informs only has no vulnerabilities. */
export function* unexpectedVulnerabilities(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, ['csaf_informational_advisory'])) return;
  if (document.vulnerabilities !== undefined) yield ['/vulnerabilities', 'not in this profile'];
}

/** 6.1.27.4: there are products. */
export function* missingProductTree(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, aboutProducts)) return;
  if (document.product_tree === undefined) yield ['/product_tree', 'missing'];
}

/** 6.1.27.11: there are vulnerabilities. */
export function* missingVulnerabilities(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, aboutProducts)) return;
  if (document.vulnerabilities === undefined) yield ['/vulnerabilities', 'missing'];
}

/** 6.1.27.5: each vulnerability has a text. */
export function* missingVulnerabilityNotes(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, aboutProducts)) return;
  for (const [i, { notes }] of (document.vulnerabilities ?? []).entries()) {
    if (notes === undefined) yield [`/vulnerabilities/${i}/notes`, 'missing'];
  }
}

/** 6.1.27.6: each vulnerability says what it does to products. */
export function* missingProductStatus(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, ['csaf_security_advisory'])) return;
  for (const [i, { product_status }] of (document.vulnerabilities ?? []).entries()) {
    if (product_status === undefined) yield [`/vulnerabilities/${i}/product_status`, 'missing'];
  }
}

/** 6.1.27.7: a VEX says one of its four statuses. */
export function* missingVexStatus(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, ['csaf_vex'])) return;
  for (const [i, { product_status: status }] of (document.vulnerabilities ?? []).entries()) {
    const said = [
      status?.fixed,
      status?.known_affected,
      status?.known_not_affected,
      status?.under_investigation,
    ];
    if (said.every((ids) => ids === undefined)) {
      yield [`/vulnerabilities/${i}/product_status`, 'none of the four statuses of a VEX'];
    }
  }
}

/** 6.1.27.8: a VEX says of which vulnerability. */
export function* missingVexId(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, ['csaf_vex'])) return;
  for (const [i, { cve, ids }] of (document.vulnerabilities ?? []).entries()) {
    if (cve === undefined && ids === undefined) yield [`/vulnerabilities/${i}`, 'no cve, no ids'];
  }
}

/** 6.1.27.9: a VEX says why something is not affected. */
export function* missingImpacts(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, ['csaf_vex'])) return;
  const groups = groupsOf(document);
  for (const [i, vulnerability] of (document.vulnerabilities ?? []).entries()) {
    const { flags = [], threats = [], product_status } = vulnerability;
    const impacts = threats.filter(({ category }) => category === 'impact');
    const explained = union([...flags, ...impacts].map((item) => productsOf(item, groups)));
    for (const [j, id] of (product_status?.known_not_affected ?? []).entries()) {
      if (explained.has(id)) continue;
      const pointer = `/vulnerabilities/${i}/product_status/known_not_affected/${j}`;
      yield [pointer, 'neither a flag nor a threat of the category impact says why'];
    }
  }
}

/** 6.1.27.10: a VEX says what to do about what is affected. */
export function* missingActions(document: CsafDocument): Generator<Finding> {
  if (!isOf(document, ['csaf_vex'])) return;
  const groups = groupsOf(document);
  for (const [i, { remediations = [], product_status }] of (
    document.vulnerabilities ?? []
  ).entries()) {
    const answered = union(remediations.map((item) => productsOf(item, groups)));
    for (const [j, id] of (product_status?.known_affected ?? []).entries()) {
      if (answered.has(id)) continue;
      const pointer = `/vulnerabilities/${i}/product_status/known_affected/${j}`;
      yield [pointer, 'no remediation says what to do'];
    }
  }
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
