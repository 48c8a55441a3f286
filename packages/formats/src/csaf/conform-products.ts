import type { Finding } from './fault.ts';
import { branchesOf, definitionsOf, groupsOf, productsOf, referrersOf } from './products.ts';
import type { CsafDocument } from './structure.ts';

/** 6.1.1: a product that is referred to is defined. */
export function* missingProducts(document: CsafDocument): Generator<Finding> {
  const defined = new Set([...definitionsOf(document)].map(({ product }) => product.product_id));
  for (const [id, pointer] of productReferences(document)) {
    if (!defined.has(id)) yield [pointer, `no product is defined as ${JSON.stringify(id)}`];
  }
}

function* productReferences(document: CsafDocument): Generator<readonly [string, string]> {
  const tree = document.product_tree;
  for (const [i, { product_ids }] of (tree?.product_groups ?? []).entries()) {
    yield* each(product_ids, `/product_tree/product_groups/${i}/product_ids`);
  }
  for (const [i, relationship] of (tree?.relationships ?? []).entries()) {
    const pointer = `/product_tree/relationships/${i}`;
    yield [relationship.product_reference, `${pointer}/product_reference`];
    yield [relationship.relates_to_product_reference, `${pointer}/relates_to_product_reference`];
  }
  for (const [i, vulnerability] of (document.vulnerabilities ?? []).entries()) {
    const pointer = `/vulnerabilities/${i}`;
    for (const [name, ids] of Object.entries(statusesOf(vulnerability))) {
      yield* each(ids, `${pointer}/product_status/${name}`);
    }
    for (const [j, { products }] of (vulnerability.scores ?? []).entries()) {
      yield* each(products, `${pointer}/scores/${j}/products`);
    }
  }
  // Flags too: that 6.1.1 and 6.1.4 do not list them is a known oversight (oasis-tcs/csaf#909).
  for (const { item, pointer } of referrersOf(document)) {
    yield* each(item.product_ids, `${pointer}/product_ids`);
  }
}

function* each(ids: readonly string[] | undefined, pointer: string) {
  for (const [i, id] of (ids ?? []).entries()) yield [id, `${pointer}/${i}`] as const;
}

/** 6.1.2: no product is defined twice. */
export function* repeatedProducts(document: CsafDocument): Generator<Finding> {
  const seen = new Set<string>();
  for (const { product, pointer } of definitionsOf(document)) {
    if (seen.has(product.product_id)) yield [`${pointer}/product_id`, 'defined before'];
    seen.add(product.product_id);
  }
}

/** 6.1.3: no product of a relationship is made of itself. */
export function* circularProducts(document: CsafDocument): Generator<Finding> {
  const relationships = document.product_tree?.relationships ?? [];
  const parts = new Map<string, string[]>();
  for (const relationship of relationships) {
    const { product_id } = relationship.full_product_name;
    const { product_reference, relates_to_product_reference } = relationship;
    const known = parts.get(product_id) ?? [];
    parts.set(product_id, [...known, product_reference, relates_to_product_reference]);
  }
  const circular = circularIn(parts);
  for (const [i, { full_product_name }] of relationships.entries()) {
    if (!circular.has(full_product_name.product_id)) continue;
    const pointer = `/product_tree/relationships/${i}/full_product_name/product_id`;
    yield [pointer, 'made of itself'];
  }
}

/**
 * What is left when everything whose parts are all settled is settled in turn: the circles, and what
 * leads into them. In the number of references, so that a long chain costs no stack and no square.
 */
function circularIn(parts: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const open = new Map([...parts].map(([id, of]) => [id, of.filter((p) => parts.has(p)).length]));
  const users = new Map<string, string[]>();
  for (const [id, of] of parts) {
    for (const part of of) {
      const list = users.get(part);
      if (list === undefined) users.set(part, [id]);
      else list.push(id);
    }
  }
  const settled = [...open].flatMap(([id, count]) => (count === 0 ? [id] : []));
  for (let id = settled.pop(); id !== undefined; id = settled.pop()) {
    open.delete(id);
    for (const user of users.get(id) ?? []) {
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left === 0) settled.push(user);
    }
  }
  return new Set(open.keys());
}

/** 6.1.4: a product group that is referred to is defined. */
export function* missingGroups(document: CsafDocument): Generator<Finding> {
  const groups = groupsOf(document);
  for (const { item, pointer } of referrersOf(document)) {
    for (const [id, at] of each(item.group_ids, `${pointer}/group_ids`)) {
      if (!groups.has(id)) yield [at, `no product group is defined as ${JSON.stringify(id)}`];
    }
  }
}

/** 6.1.5: no product group is defined twice. */
export function* repeatedGroups(document: CsafDocument): Generator<Finding> {
  const seen = new Set<string>();
  for (const [i, { group_id }] of (document.product_tree?.product_groups ?? []).entries()) {
    if (seen.has(group_id)) {
      yield [`/product_tree/product_groups/${i}/group_id`, 'defined before'];
    }
    seen.add(group_id);
  }
}

/** 6.1.6, contradiction groups; what is recommended contradicts nothing. */
const statusGroup: ReadonlyMap<string, string> = new Map([
  ['first_affected', 'affected'],
  ['known_affected', 'affected'],
  ['last_affected', 'affected'],
  ['known_not_affected', 'not affected'],
  ['first_fixed', 'fixed'],
  ['fixed', 'fixed'],
  ['under_investigation', 'under investigation'],
]);

/** 6.1.6: nothing is affected and fixed, or in two other states, at once. */
export function* contradictions(document: CsafDocument): Generator<Finding> {
  for (const [i, vulnerability] of (document.vulnerabilities ?? []).entries()) {
    const said = new Map<string, string>();
    for (const [name, ids] of Object.entries(statusesOf(vulnerability))) {
      const group = statusGroup.get(name);
      if (group === undefined) continue;
      for (const [id, pointer] of each(ids, `/vulnerabilities/${i}/product_status/${name}`)) {
        const before: string = said.get(id) ?? group;
        if (before !== group) yield [pointer, `${group} here, ${before} before`];
        said.set(id, before);
      }
    }
  }
}

type Vulnerabilities = NonNullable<CsafDocument['vulnerabilities']>;

function statusesOf({ product_status }: Vulnerabilities[number]) {
  const {
    first_affected = [],
    first_fixed = [],
    fixed = [],
    known_affected = [],
    known_not_affected = [],
    last_affected = [],
    recommended = [],
    under_investigation = [],
  } = product_status ?? {};
  return {
    first_affected,
    first_fixed,
    fixed,
    known_affected,
    known_not_affected,
    last_affected,
    recommended,
    under_investigation,
  };
}

/** 6.1.25: a file has one hash of each algorithm. */
export function* repeatedAlgorithms(document: CsafDocument): Generator<Finding> {
  for (const { product, pointer } of definitionsOf(document)) {
    const hashes = product.product_identification_helper?.hashes ?? [];
    for (const [i, { file_hashes }] of hashes.entries()) {
      const seen = new Set<string>();
      for (const [j, { algorithm }] of file_hashes.entries()) {
        const at = `${pointer}/product_identification_helper/hashes/${i}/file_hashes/${j}`;
        if (seen.has(algorithm)) yield [`${at}/algorithm`, 'given before for this file'];
        seen.add(algorithm);
      }
    }
  }
}

/** 6.1.29: a remediation says of what. */
export function* loneRemediations(document: CsafDocument): Generator<Finding> {
  yield* withoutProducts(document, 'remediations');
}

/** 6.1.32: a flag says of what. */
export function* loneFlags(document: CsafDocument): Generator<Finding> {
  yield* withoutProducts(document, 'flags');
}

function* withoutProducts(document: CsafDocument, list: string): Generator<Finding> {
  for (const { item, pointer } of referrersOf(document)) {
    if (!pointer.includes(`/${list}/`)) continue;
    if (item.product_ids === undefined && item.group_ids === undefined) {
      yield [pointer, 'names neither a product nor a group'];
    }
  }
}

const rangeWords: ReadonlySet<string> = new Set([
  'after',
  'all',
  'before',
  'earlier',
  'later',
  'prior',
  'versions',
]);

/**
 * 6.1.31: a version is one version and no range. The words count as words of their own, `<` and `>`
 * anywhere (known issue oasis-tcs/csaf#825).
 */
export function* rangesAsVersions(document: CsafDocument): Generator<Finding> {
  for (const { branch, pointer } of branchesOf(document)) {
    if (branch.category !== 'product_version') continue;
    const words = branch.name.toLowerCase().split(/\s+/);
    if (/[<>]/.test(branch.name) || words.some((word) => rangeWords.has(word))) {
      yield [`${pointer}/name`, 'a range of versions; product_version_range says so'];
    }
  }
}

/** 6.1.33: a product has one VEX justification; in 2.0 every flag is one. */
export function* repeatedJustifications(document: CsafDocument): Generator<Finding> {
  const groups = groupsOf(document);
  for (const [i, { flags = [] }] of (document.vulnerabilities ?? []).entries()) {
    const justified = new Set<string>();
    for (const [j, flag] of flags.entries()) {
      const products = productsOf(flag, groups);
      const again = [...products].find((id) => justified.has(id));
      if (again !== undefined) {
        const pointer = `/vulnerabilities/${i}/flags/${j}`;
        yield [pointer, `${JSON.stringify(again)} has another justification`];
      }
      for (const id of products) justified.add(id);
    }
  }
}
