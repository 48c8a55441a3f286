import { refuse } from '@breakwater/kernel';
import type { JsonRefusal } from '../json/read-json.ts';

/** One piece of software somebody runs, in the words its advisories use. */
export interface Component {
  /** OSV's name of the ecosystem, with its release where it has one: `npm`, `Debian:12`. */
  readonly ecosystem: string;
  /** The name advisories use; for Debian the source package where the inventory tells it. */
  readonly name: string;
  readonly version: string;
  /** What it is called where it is installed, if that is not `name`: a binary package, an alias. */
  readonly installedAs?: string;
  /** Package URL in canonical form. */
  readonly purl?: string;
  /** Where in the inventory it was found: a JSON pointer or a line (`line 12`). */
  readonly path: string;
}

/** Something an inventory said that did not become a component, or not without a doubt. */
export interface Note {
  /** Closed set, stable: programs switch on it. */
  readonly code: NoteCode;
  /** Where in the inventory, as in {@link Component.path}. */
  readonly path: string;
  /** A whole sentence for a person. */
  readonly text: string;
}

export type NoteCode =
  /** The project that the inventory describes, or a part of it kept in the same tree. */
  | 'own-project'
  /** A pointer to another entry that is listed itself. */
  | 'link'
  /** Installed from elsewhere than a registry; listed, but its version is only its own word. */
  | 'not-from-registry'
  | 'name-missing'
  | 'version-missing'
  | 'version-truncated'
  | 'not-installed'
  | 'identity-missing'
  | 'identity-malformed'
  | 'ecosystem-unknown'
  | 'source-unknown'
  | 'release-unknown'
  | 'entry-malformed'
  | 'lockfile-version-missing'
  /** Any version in a range would do: which one runs is not told. */
  | 'not-pinned'
  /** Listed, but installed only where a condition holds. */
  | 'conditional'
  /** The list goes on in another file. */
  | 'in-another-file';

/** The formats inventories are read in. */
export const inventoryFormats = [
  'package-lock',
  'pnpm-lock',
  'yarn-lock',
  'bun-lock',
  'requirements',
  'pipfile-lock',
  'poetry-lock',
  'pdm-lock',
  'uv-lock',
  'pylock',
  'go-mod',
  'cargo-lock',
  'gemfile-lock',
  'composer-lock',
  'nuget-lock',
  'gradle-lock',
  'dpkg',
  'rpm',
  'apk',
  'cyclonedx',
  'spdx',
] as const;
export type InventoryFormat = (typeof inventoryFormats)[number];

/** What was read from one inventory. */
export interface Inventory {
  readonly format: InventoryFormat | 'product-list';
  readonly components: readonly Component[];
  /** Nothing is dropped in silence: what is not in `components` is here, with its reason. */
  readonly notes: readonly Note[];
}

/** Refusals of the readers of inventories. */
export type InventoryRefusal =
  | JsonRefusal
  | 'not-yaml'
  | 'not-toml'
  /** Of a format that we know, but broken: the place is told. */
  | 'document-malformed'
  /** Several distributions build these packages, and the list does not tell which it is of. */
  | 'distribution-unknown'
  | 'format-unknown'
  | 'format-version-unsupported'
  | 'too-many-components';

/** Bounds of an inventory; a large real one has some ten thousand components in 30 MiB. */
export interface InventoryLimits {
  readonly bytesMax: number;
  readonly depthMax: number;
  /** Components and notes together. */
  readonly entriesMax: number;
}

export const inventoryLimits: InventoryLimits = {
  bytesMax: 64 * 1024 * 1024,
  depthMax: 128,
  entriesMax: 200_000,
};

/** Refuses an inventory with more entries than `limits` allow. */
export function tooMany(limits: InventoryLimits) {
  return refuse({
    code: 'too-many-components' as const,
    expected: `at most ${limits.entriesMax} entries`,
    got: 'more',
    todo: 'split the inventory, one file per system',
  });
}
