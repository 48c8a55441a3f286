import type { Result } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { lineLengthMax, linesOf, readText } from '../inventory/read-text.ts';

/** Sections that hold installed gems. */
const sources = new Set(['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE']);

/**
 * Reads Gemfile.lock (bundler.io): the gems four spaces below a source, not those six spaces below
 * another gem, which only say what it asks for.
 *
 * A gem built for several platforms stands there once for each, without the platform. Gems of a path
 * are the project's own; gems of git are listed by the version they claim, with a note.
 */
export function parseGemfileLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const found = new Findings(limits);
  let section = '';
  let remote = '';
  for (const { text: line, number } of linesOf(text.value)) {
    if (found.full) break;
    const path = `line ${number}`;
    if (line.length > lineLengthMax) found.note('entry-malformed', path, 'a line that is too long');
    else if (/^[A-Z][A-Z ]+$/.test(line)) {
      section = line;
      remote = '';
    } else if (sources.has(section)) {
      remote = /^ {2}remote: (.+)$/.exec(line)?.[1] ?? remote;
      if (/^ {4}\S/.test(line)) readGem(line.trim(), { section, remote, path, found });
    }
  }
  return found.result('gemfile-lock');
}

interface Place {
  readonly section: string;
  readonly remote: string;
  readonly path: string;
  readonly found: Findings;
}

/** `nokogiri (1.15.4-x86_64-linux)`: Bundler itself cuts the platform off at the first hyphen. */
function readGem(line: string, { section, remote, path, found }: Place) {
  const [, name, version] = /^(\S+) \(([^-()\s]+)(?:-[^()]*)?\)$/.exec(line) ?? [];
  if (name === undefined || version === undefined) {
    return found.note('entry-malformed', path, 'the line is not a gem and its version');
  }
  if (section === 'PATH') {
    return found.note('own-project', path, `${name} is a folder of the project itself`);
  }
  if (section === 'GIT') found.noteOrigin(name, remote === '' ? 'git' : remote, path);
  return found.add({ ecosystem: 'RubyGems', name, version, path });
}
