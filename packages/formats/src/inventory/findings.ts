import { ok, type Result } from '@breakwater/kernel';
import { packagePurl } from '../purl/package-purl.ts';
import {
  type Component,
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  type Note,
  type NoteCode,
  tooMany,
} from './inventory.ts';

/** npm allows names of 214 and versions of 256 characters; module paths of Go are longer. */
export const nameLengthMax = 512;
/** What is looked at of the place a package came from. */
export const placeLengthMax = 2048;

/** A piece of software as a reader found it. */
export interface Found {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  /** What it is called where it is installed, where that may differ. */
  readonly installedAs?: string | undefined;
  /** Made from the other fields where it is left out. */
  readonly purl?: string | undefined;
  readonly path: string;
}

/** Collects what a reader found, and stops collecting at the bound. */
export class Findings {
  readonly components: Component[] = [];
  readonly notes: Note[] = [];
  readonly #limits: InventoryLimits;

  constructor(limits: InventoryLimits) {
    this.#limits = limits;
  }

  /** True beyond the bound: a reader then stops. */
  get full(): boolean {
    return this.components.length + this.notes.length > this.#limits.entriesMax;
  }

  note(code: NoteCode, path: string, text: string): void {
    if (!this.full) this.notes.push({ code, path, text: text.slice(0, 500) });
  }

  add({ ecosystem, name, version, installedAs, purl, path }: Found) {
    if (this.full) return;
    if (name === '' || version === '') {
      const code = name === '' ? 'name-missing' : 'version-missing';
      return this.note(
        code,
        path,
        name === '' ? 'the entry has no name' : `${name} has no version`,
      );
    }
    if (name.length > nameLengthMax || version.length > nameLengthMax) {
      const text = `a name or version of more than ${nameLengthMax} characters`;
      return this.note('entry-malformed', path, text);
    }
    const address = purl ?? packagePurl(ecosystem, name, version);
    this.components.push({
      ecosystem,
      name,
      version,
      ...(installedAs === undefined || installedAs === name ? {} : { installedAs }),
      ...(address === undefined ? {} : { purl: address }),
      path,
    });
  }

  /** Says of a component that no registry gave it. */
  noteOrigin(name: string, place: string, path: string): void {
    const from = placeOf(place.slice(0, placeLengthMax));
    const text = `${name} came from ${from}, not a registry; its version is its own word`;
    this.note('not-from-registry', path, text);
  }

  /** The inventory, or the refusal of one with too many entries. */
  result(format: Inventory['format']): Result<Inventory, InventoryRefusal> {
    if (this.full) return tooMany(this.#limits);
    return ok({ format, components: this.components, notes: this.notes });
  }
}

/** A place without what people hide in it: the user part of an address, and its query. */
export function placeOf(place: string): string {
  return place
    .replace(/\/\/[^/@]*@/, '//')
    .replace(/\?[^#]*/, '')
    .slice(0, 200);
}
