import type { Branch, CsafDocument, FullProductName } from './structure.ts';

/** A product as it is defined in the tree, and where. */
export interface Definition {
  readonly product: FullProductName;
  readonly pointer: string;
}

/** A branch, and where it is. */
export interface PlacedBranch {
  readonly branch: Branch;
  readonly pointer: string;
}

/** Every branch of the tree, parents before their children; in one pass over however many. */
export function* branchesOf(document: CsafDocument): Generator<PlacedBranch> {
  const waiting: PlacedBranch[] = [];
  place(waiting, document.product_tree?.branches, '/product_tree');
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    place(waiting, next.branch.branches, next.pointer);
  }
}

/** Lays branches on the stack, so that the first is taken first. */
function place(
  waiting: PlacedBranch[],
  branches: readonly Branch[] | undefined,
  pointer: string,
): void {
  for (const [i, branch] of [...(branches ?? []).entries()].reverse()) {
    waiting.push({ branch, pointer: `${pointer}/branches/${i}` });
  }
}

/** Every product the tree defines: in branches, in the flat list, by relationships. */
export function* definitionsOf(document: CsafDocument): Generator<Definition> {
  for (const { branch, pointer } of branchesOf(document)) {
    if (branch.product !== undefined) {
      yield { product: branch.product, pointer: `${pointer}/product` };
    }
  }
  const tree = document.product_tree;
  for (const [i, product] of (tree?.full_product_names ?? []).entries()) {
    yield { product, pointer: `/product_tree/full_product_names/${i}` };
  }
  for (const [i, relationship] of (tree?.relationships ?? []).entries()) {
    const pointer = `/product_tree/relationships/${i}/full_product_name`;
    yield { product: relationship.full_product_name, pointer };
  }
}

/** The members of each product group. */
export function groupsOf(document: CsafDocument): ReadonlyMap<string, readonly string[]> {
  const groups = document.product_tree?.product_groups ?? [];
  return new Map(groups.map(({ group_id, product_ids }) => [group_id, product_ids]));
}

/** The products an item speaks of, itself or through groups; each once. */
export function productsOf(
  item: { readonly product_ids?: string[] | undefined; readonly group_ids?: string[] | undefined },
  groups: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const through = (item.group_ids ?? []).flatMap((group) => groups.get(group) ?? []);
  return new Set([...(item.product_ids ?? []), ...through]);
}

/** Every member of each vulnerability's item lists that may name products or groups. */
export function* referrersOf(document: CsafDocument) {
  for (const [i, vulnerability] of (document.vulnerabilities ?? []).entries()) {
    const { flags = [], remediations = [], threats = [] } = vulnerability;
    for (const [list, items] of Object.entries({ flags, remediations, threats })) {
      for (const [j, item] of items.entries()) {
        yield { item, pointer: `/vulnerabilities/${i}/${list}/${j}` };
      }
    }
  }
}
