import { ok, type Result, refuse, type Tlp } from '@breakwater/kernel';
import { type JsonRefusal, readJson } from '../json/read-json.ts';
import { csafFaults } from './conform.ts';
import {
  type CsafAdvisory,
  type CsafProduct,
  type CsafReference,
  type CsafScore,
  type CsafStatus,
  type CsafVulnerability,
  csafLimits,
} from './csaf.ts';
import { groupsOf, productsOf, referrersOf } from './products.ts';
import {
  type Branch,
  CsafDocument,
  type FullProductName,
  type Vulnerability,
} from './structure.ts';

export type CsafCode = JsonRefusal | 'csaf-nonconforming' | 'too-many-products';

/**
 * Reads a CSAF 2.0 document (OASIS, 2022) from UTF-8 JSON.
 *
 * Its shape has to be the schema's; failures of mandatory tests (section 6.1) are notes, because
 * who receives a document cannot mend it and its publisher's word still counts.
 */
export function parseCsaf(bytes: Uint8Array): Result<CsafAdvisory, CsafCode> {
  const json = readJson(bytes, csafLimits);
  return json.ok ? readCsaf(json.value) : json;
}

/** The same of a value that was read from JSON. */
export function readCsaf(value: unknown): Result<CsafAdvisory, Exclude<CsafCode, JsonRefusal>> {
  const shape = CsafDocument.safeParse(value);
  if (!shape.success) {
    const [issue] = shape.error.issues;
    const pointer = (issue?.path ?? []).map((part) => `/${String(part)}`).join('');
    return refuse({
      code: 'csaf-nonconforming' as const,
      expected: 'a document that obeys the schema of CSAF 2.0',
      got: `at ${pointer || 'its top'}: ${issue?.message ?? 'another form'}`.slice(0, 300),
      todo: 'ask its publisher to correct it; secvisogram shows every fault',
      pointer,
    });
  }
  const document = shape.data;
  if (namingsIn(document) > csafLimits.namingsMax) {
    return refuse({
      code: 'too-many-products' as const,
      expected: `products named at most ${csafLimits.namingsMax} times, groups taken apart`,
      got: 'more',
      todo: 'ask its publisher to split it by product',
    });
  }
  const groups = groupsOf(document);
  const { title, category, publisher, tracking, distribution, references } = document.document;
  return ok({
    id: tracking.id,
    title,
    category,
    publisher: {
      name: publisher.name,
      namespace: publisher.namespace,
      category: publisher.category,
    },
    tlp: tlpOf(distribution?.tlp?.label),
    status: tracking.status,
    version: tracking.version,
    firstReleasedAt: tracking.initial_release_date,
    releasedAt: tracking.current_release_date,
    aliases: tracking.aliases ?? [],
    references: referencesOf(references),
    products: productsIn(document),
    vulnerabilities: (document.vulnerabilities ?? []).map((each) => readOne(each, groups)),
    notes: notesOn(document),
  });
}

/** CSAF 2.0 keeps TLP 1.0, whose WHITE FIRST renamed. */
function tlpOf(label: 'AMBER' | 'GREEN' | 'RED' | 'WHITE' | undefined): Tlp | null {
  return label === 'WHITE' ? 'CLEAR' : (label ?? null);
}

function referencesOf(
  references: CsafDocument['document']['references'],
): readonly CsafReference[] {
  return (references ?? []).map(({ url, summary, category }) => ({
    url,
    summary,
    isSelf: category === 'self',
  }));
}

type Above = Pick<CsafProduct, 'vendor' | 'product' | 'version' | 'versionRange'>;
const nothingAbove: Above = { vendor: null, product: null, version: null, versionRange: null };

function productsIn(document: CsafDocument): ReadonlyMap<string, CsafProduct> {
  const products = new Map<string, CsafProduct>();
  const tree = document.product_tree;
  const walk = (branches: readonly Branch[], above: Above): void => {
    for (const branch of branches) {
      const below = withBranch(above, branch);
      if (branch.product !== undefined) add(products, productOf(branch.product, below));
      walk(branch.branches ?? [], below);
    }
  };
  walk(tree?.branches ?? [], nothingAbove);
  for (const each of tree?.full_product_names ?? []) add(products, productOf(each, nothingAbove));
  for (const each of tree?.relationships ?? []) {
    const component = products.get(each.product_reference);
    const own = productOf(each.full_product_name, component ?? nothingAbove);
    add(products, {
      ...own,
      purl: own.purl ?? component?.purl ?? null,
      cpe: own.cpe ?? component?.cpe ?? null,
      within: { product: each.relates_to_product_reference, how: each.category },
    });
  }
  return products;
}

/** The first definition of an id holds; a second one breaks test 6.1.2, which the notes tell. */
function add(products: Map<string, CsafProduct>, product: CsafProduct): void {
  if (!products.has(product.id)) products.set(product.id, product);
}

/** Categories of branches that say what a product is; the others sort or describe it. */
const saying: Readonly<Partial<Record<Branch['category'], keyof Above>>> = {
  vendor: 'vendor',
  product_name: 'product',
  product_version: 'version',
  product_version_range: 'versionRange',
};

function withBranch(above: Above, { category, name }: Branch): Above {
  const said = saying[category];
  return said === undefined ? above : { ...above, [said]: name };
}

function productOf(given: FullProductName, above: Above): CsafProduct {
  const helper = given.product_identification_helper;
  return {
    id: given.product_id,
    name: given.name,
    vendor: above.vendor,
    product: above.product,
    version: above.version,
    versionRange: above.versionRange,
    purl: helper?.purl ?? null,
    cpe: helper?.cpe ?? null,
    within: null,
  };
}

/** How often products are named through groups: a short text can name a million. */
function namingsIn(document: CsafDocument): number {
  const groups = groupsOf(document);
  let namings = 0;
  for (const { item } of referrersOf(document)) {
    for (const group of item.group_ids ?? []) namings += groups.get(group)?.length ?? 0;
  }
  return namings;
}

function readOne(
  given: Vulnerability,
  groups: ReadonlyMap<string, readonly string[]>,
): CsafVulnerability {
  const noteOf = (category: string) =>
    given.notes?.find((note) => note.category === category)?.text ?? null;
  const about = (item: Parameters<typeof productsOf>[0]) => [...productsOf(item, groups)];
  return {
    cve: given.cve ?? null,
    ids: (given.ids ?? []).map(({ system_name: system, text }) => ({ system, id: text })),
    title: given.title ?? null,
    description: noteOf('description') ?? noteOf('summary') ?? noteOf('details'),
    weakness: given.cwe?.id ?? null,
    status: statusOf(given.product_status),
    remediations: (given.remediations ?? []).map((each) => ({
      category: each.category,
      details: each.details,
      url: each.url ?? null,
      products: about(each),
    })),
    threats: (given.threats ?? []).map((each) => ({
      category: each.category,
      details: each.details,
      products: about(each),
    })),
    flags: (given.flags ?? []).map((each) => ({
      category: each.label,
      details: null,
      products: about(each),
    })),
    scores: (given.scores ?? []).flatMap(scoresOf),
    references: referencesOf(given.references),
  };
}

function statusOf(status: Vulnerability['product_status']): CsafStatus {
  const all = (...lists: readonly (readonly string[] | undefined)[]) => [
    ...new Set(lists.flatMap((list) => list ?? [])),
  ];
  return {
    affected: all(status?.known_affected, status?.first_affected, status?.last_affected),
    fixed: all(status?.fixed, status?.first_fixed),
    notAffected: all(status?.known_not_affected),
    underInvestigation: all(status?.under_investigation),
    recommended: all(status?.recommended),
  };
}

function scoresOf(score: NonNullable<Vulnerability['scores']>[number]): readonly CsafScore[] {
  return [score.cvss_v3, score.cvss_v2].flatMap((cvss) => {
    const vector = cvss?.['vectorString'];
    return typeof vector === 'string' ? [{ vector, products: score.products }] : [];
  });
}

/** What is in documents and not in what is read of them, by where it stands. */
const unread: readonly (readonly [string, (vulnerability: Vulnerability) => boolean])[] = [
  ['who was involved and when', (v) => (v.involvements ?? []).length > 0],
  ['when it was discovered', (v) => v.discovery_date !== undefined],
  ['acknowledgments', (v) => (v.acknowledgments ?? []).length > 0],
];

function notesOn(document: CsafDocument): readonly string[] {
  const faults = csafFaults(document);
  const tests = [...new Set(faults.map(({ test }) => test))];
  const [first] = faults;
  const notes: string[] = [];
  if (first !== undefined) {
    const which = tests.slice(0, 10).join(', ');
    notes.push(
      `The document fails mandatory tests (${which}); at ${first.pointer}: ${first.text}.`,
    );
  }
  for (const [what, has] of unread) {
    if ((document.vulnerabilities ?? []).some(has)) {
      notes.push(`The document tells ${what}; that is not read.`);
    }
  }
  return notes;
}
