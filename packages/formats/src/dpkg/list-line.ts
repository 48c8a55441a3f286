import type { DpkgEntry } from './dpkg.ts';

/** Widths of the name and version columns of `dpkg -l`. */
export interface Columns {
  readonly nameAt: number;
  readonly nameWidth: number;
  readonly versionAt: number;
  readonly versionWidth: number;
}

/** The columns that the ruler (`+++-====-====-…`) draws, or undefined if `line` is no ruler. */
export function columnsOf(line: string): Columns | undefined {
  const found = /^\+\+\+-(=+)-(=+)-/.exec(line);
  if (found?.[1] === undefined || found[2] === undefined) return undefined;
  const nameWidth = found[1].length;
  const versionWidth = found[2].length;
  return { nameAt: 4, nameWidth, versionAt: 4 + nameWidth + 1, versionWidth };
}

/** Reads one package line of `dpkg -l`: status, name[:arch], version, architecture, description. */
export function readListLine(line: string): DpkgEntry | null {
  const found = /^([uihrp][nicurUFHWt][R ]?)\s+(\S+)\s+(\S+)(?:\s+(\S+))?/.exec(line);
  const [, status, full, version, architecture] = found ?? [];
  const name = /^([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9-]+)?$/.exec(full ?? '')?.[1];
  if (status === undefined || name === undefined || version === undefined) return null;
  return {
    status: status.trim(),
    binary: name,
    version,
    ...(architecture === undefined || architecture === '<none>' ? {} : { architecture }),
  };
}

/**
 * The field that dpkg may have cut to its column's width, or null.
 *
 * dpkg before 1.19.1 gave a terminal fixed columns (14 for the name and 14 or 12 for the version, both
 * widened by the same share of the terminal) and cut what did not fit; later ones make every
 * column as wide as its longest field. A full field is suspect only in the fixed layout.
 */
export function truncatedField(line: string, columns: Columns | undefined): string | null {
  if (columns === undefined) return null;
  const { nameAt, nameWidth, versionAt, versionWidth } = columns;
  const share = nameWidth - 14;
  if (share < 0 || (versionWidth !== 14 + share && versionWidth !== 12 + share)) return null;
  if (isFull(line, nameAt, nameWidth)) return 'name';
  return isFull(line, versionAt, versionWidth) ? 'version' : null;
}

function isFull(line: string, at: number, width: number): boolean {
  return /^\S+$/.test(line.slice(at, at + width)) && line.length >= at + width;
}
