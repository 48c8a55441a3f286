import { ok, type Result, refuse } from '@breakwater/kernel';
import type { InventoryLimits, InventoryRefusal } from '../inventory/inventory.ts';
import { tooMany } from '../inventory/inventory.ts';
import { type Line, linesOf, readText } from '../inventory/read-text.ts';
import type { SpdxDocument, SpdxPackage } from './document.ts';

type Draft = { -readonly [K in keyof SpdxPackage]: SpdxPackage[K] } & { purls: string[] };

/**
 * Reads SPDX tag-value (SPDX 2.3, §4.2): `Tag: value` a line, `<text>…</text>` over many, `#` a
 * comment. `PackageName` begins a package; a file, snippet or license after it is none of its fields.
 */
export function readTagValue(
  bytes: Uint8Array,
  limits: InventoryLimits,
): Result<SpdxDocument, InventoryRefusal> {
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const packages: Draft[] = [];
  const described = new Set<string>();
  let version = '';
  let current: Draft | null = null;
  for (const pair of pairsOf(text.value)) {
    if (typeof pair === 'number') return malformed(pair);
    const { tag, value, line } = pair;
    if (tag === 'SPDXVersion') version = value;
    else if (tag === 'Relationship') {
      const target = /^SPDXRef-DOCUMENT\s+DESCRIBES\s+(\S+)/.exec(value)?.[1];
      if (target !== undefined) described.add(target);
    } else if (tag === 'PackageName') {
      current = { ...nothing, name: value, purls: [], path: `line ${line}` };
      packages.push(current);
      if (packages.length > limits.entriesMax) return tooMany(limits);
    } else if (['FileName', 'SnippetSPDXID', 'LicenseID'].includes(tag)) current = null;
    else if (current !== null) readField(current, tag, value);
  }
  return ok({ version, packages, described });
}

const nothing = { id: undefined, version: undefined, sourceInfo: undefined };

function readField(current: Draft, tag: string, value: string): void {
  if (tag === 'SPDXID') current.id = value;
  else if (tag === 'PackageVersion') current.version = value;
  else if (tag === 'PackageSourceInfo') current.sourceInfo = value;
  else if (tag === 'ExternalRef') {
    const locator = /^PACKAGE[-_]MANAGER\s+purl\s+(\S+)/.exec(value)?.[1];
    if (locator !== undefined) current.purls.push(locator);
  }
}

interface Pair {
  readonly tag: string;
  readonly value: string;
  readonly line: number;
}

/** Pairs of tag and value; the number of the first line that is none. */
function* pairsOf(text: string): Generator<Pair | number> {
  const lines = linesOf(text);
  for (const { text: line, number } of lines) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const cut = line.indexOf(':');
    const tag = line.slice(0, cut).trim();
    if (cut < 0 || !/^[A-Za-z]+$/.test(tag)) {
      yield number;
      return;
    }
    const value = line.slice(cut + 1).trim();
    if (!value.startsWith('<text>')) yield { tag, value, line: number };
    else if (value.includes('</text>')) {
      yield { tag, value: value.slice(6, value.indexOf('</text>')).trim(), line: number };
    } else {
      const rest = restOfText(lines);
      if (rest === null) {
        yield number;
        return;
      }
      yield { tag, value: `${value.slice(6)}\n${rest}`.trim(), line: number };
    }
  }
}

/** What follows until `</text>`; null where it never comes. */
function restOfText(lines: Iterator<Line>): string | null {
  const parts: string[] = [];
  for (let next = lines.next(); next.done !== true; next = lines.next()) {
    const { text } = next.value;
    const end = text.indexOf('</text>');
    if (end >= 0) return [...parts, text.slice(0, end)].join('\n');
    parts.push(text);
  }
  return null;
}

function malformed(line: number) {
  return refuse({
    code: 'document-malformed' as const,
    expected: 'SPDX tag-value: a tag, a colon and a value a line',
    got: `line ${line}: something else, or a <text> that never ends`,
    todo: 'export the SBOM again, or send it as JSON',
  });
}
