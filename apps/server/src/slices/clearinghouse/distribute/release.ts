import type { Component, Inventory } from '@breakwater/formats/inventory';
import { parseInventory } from '@breakwater/formats/inventory';
import { parseProductList } from '@breakwater/formats/product-list';
import { ok, type Result, refuse } from '@breakwater/kernel';

/** How a reader names what comes from Debian while nobody says from which release. */
const unreleased = 'Debian';

/** Names the release of those packages that tell none themselves; undefined: nobody knows it. */
export function withRelease(inventory: Inventory, release: string | undefined): Inventory {
  if (release === undefined) return inventory;
  const ecosystem = `${unreleased}:${release}`;
  return {
    ...inventory,
    components: inventory.components.map((each) =>
      each.ecosystem === unreleased ? { ...each, ecosystem } : each,
    ),
    notes: inventory.notes.filter((note) => note.code !== 'release-unknown'),
  };
}

/** How many Debian packages have no release: an advisory for one passes them by. */
export function countUnreleased(components: readonly Component[]): number {
  return components.filter((each) => each.ecosystem === unreleased).length;
}

/** A kept list read again as if nobody had named its release, then as one of `release`. */
export function rereadAs(
  kept: {
    readonly format: string;
    readonly bytes: Uint8Array;
    readonly components: readonly Component[];
  },
  release: string | undefined,
): Result<Inventory, 'no-release' | 'inventory-unreadable'> {
  // Lists of other systems hold nothing of Debian, and what they are of was said beside the file.
  if (kept.format === 'rpm' || kept.format === 'apk') return refuse(noRelease);
  const read =
    kept.format === 'product-list'
      ? parseProductList(kept.bytes, defaultOf(kept))
      : parseInventory(kept.bytes, { dpkg: { distribution: 'Debian' } });
  if (!read.ok) return refuse({ ...read.refusal, code: 'inventory-unreadable' });
  if (countUnreleased(read.value.components) === 0) return refuse(noRelease);
  return ok(withRelease(read.value, release));
}

/**
 * What the lines of a typed list are of that name no ecosystem themselves: it was said beside the
 * file, and shows in the components that came of them.
 */
function defaultOf(kept: {
  readonly bytes: Uint8Array;
  readonly components: readonly Component[];
}): string | undefined {
  const alone = parseProductList(kept.bytes);
  const telling = new Set(alone.ok ? alone.value.components.map((each) => each.path) : []);
  const said = kept.components.find((each) => !telling.has(each.path))?.ecosystem;
  return said?.startsWith(`${unreleased}:`) ? unreleased : said;
}

const noRelease = {
  code: 'no-release',
  expected: 'a list of Debian packages that does not tell its release',
  got: 'one without such packages',
  todo: 'leave the release out',
  pointer: '/debianRelease',
} as const;
