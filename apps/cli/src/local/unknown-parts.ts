import type { CompiledAdvisory } from '@breakwater/exposure';
import type { Component, Inventory, Note, NoteCode } from '@breakwater/formats/inventory';
import { baseEcosystem } from '@breakwater/versions';
import type { Terminal } from '../terminal.ts';
import type { NotCovered } from './kept-advisories.ts';

/** Notes that leave nothing open: what they tell of is listed, or is no package of others. */
const settled: ReadonlySet<NoteCode> = new Set([
  'own-project',
  'link',
  'not-from-registry',
  'not-installed',
  'conditional',
  'lockfile-version-missing',
]);

const shownMax = 10;

function openOf({ notes }: Inventory): readonly Note[] {
  return notes.filter(({ code }) => !settled.has(code));
}

/** How many of its entries nobody could hold against an advisory. */
export function unknownIn(inventory: Inventory): number {
  return openOf(inventory).length;
}

/** True where an inventory names software and none of it could be held against an advisory. */
export function isAllUnknown(inventory: Inventory): boolean {
  // The release of Go is no package of a module that requires none.
  const isOpen = inventory.format !== 'go-mod' && openOf(inventory).length > 0;
  return inventory.components.length === 0 && isOpen;
}

/** What of an inventory nobody could hold against an advisory, and why. */
export function printNotes(inventory: Inventory, terminal: Terminal): void {
  const open = openOf(inventory);
  for (const { path, text } of open.slice(0, shownMax)) {
    terminal.say(`unknown      ${path === '' ? 'the whole list' : path}: ${text}`);
  }
  if (open.length > shownMax) {
    terminal.say(`unknown      … ${open.length - shownMax} more; --json lists them`);
  }
  if (isAllUnknown(inventory)) {
    terminal.say('none of the inventory could be held against an advisory: nobody knows');
  }
  const rest = inventory.notes.length - open.length;
  if (rest > 0) {
    terminal.say(`to look at: ${rest === 1 ? '1 entry' : `${rest} entries`}; --json lists them`);
  }
}

/**
 * Ecosystems of an inventory that none of these advisories is about; with `releasesAlone`, only
 * releases of a distribution. Silence of these advisories says nothing of their components.
 */
export function silentAbout(
  advisories: readonly CompiledAdvisory[],
  components: readonly Component[],
  { releasesAlone }: { readonly releasesAlone: boolean },
): readonly NotCovered[] {
  const told = new Set<string>();
  for (const { targets } of advisories) {
    for (const { ecosystem, base, release } of targets) {
      told.add(release === undefined ? base : ecosystem).add(`any release of ${base}`);
    }
  }
  const silent = new Map<string, number>();
  for (const { ecosystem } of components) {
    const base = baseEcosystem(ecosystem);
    const isRelease = ecosystem !== base;
    if (releasesAlone && !isRelease) continue;
    const any = isRelease ? ecosystem : `any release of ${base}`;
    if (!told.has(base) && !told.has(any)) silent.set(ecosystem, (silent.get(ecosystem) ?? 0) + 1);
  }
  return [...silent].map(([ecosystem, count]) => ({ ecosystem, components: count }));
}
