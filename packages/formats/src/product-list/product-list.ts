import { fromUtf8, ok, type Result, refuse } from '@breakwater/kernel';
import {
  type Component,
  type Inventory,
  type InventoryRefusal,
  inventoryLimits,
  type Note,
  tooMany,
} from '../inventory/inventory.ts';

/** Nobody types a longer one. */
const lineLengthMax = 500;

/** Ecosystems a line may begin with, as OSV writes them. */
const ecosystems = ['npm', 'PyPI', 'Go', 'crates.io', 'RubyGems', 'NuGet', 'Packagist', 'Debian'];

/** A leading ecosystem: `npm:`, `Debian:12:`, followed by the name. Names of Maven hold colons. */
const prefixed = /^(npm|PyPI|Go|crates\.io|RubyGems|NuGet|Packagist|Debian(?::\d{1,3})?):\s*(.*)$/i;

/**
 * Reads a list typed by hand: one product a line, its name, then its version, such as
 * `libcjson1 1.7.15-1` or `npm: flat 5.0.0`. Empty lines and those that begin with `#` are passed.
 *
 * In: the text in UTF-8; `ecosystem`, that of every line which names none itself.
 * Out: the components, and a note for every line that did not become one.
 */
export function parseProductList(
  bytes: Uint8Array,
  ecosystem?: string,
): Result<Inventory, InventoryRefusal> {
  const text = readText(bytes);
  if (text === null) return refuse(notText);
  const components: Component[] = [];
  const notes: Note[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const path = `line ${index + 1}`;
    const words = line.trim();
    if (words === '' || words.startsWith('#')) continue;
    const read = readLine(words, path, ecosystem);
    if ('code' in read) notes.push(read);
    else components.push(read);
    if (components.length + notes.length > inventoryLimits.entriesMax) {
      return tooMany(inventoryLimits);
    }
  }
  if (components.length + notes.length === 0) return refuse(empty);
  return ok({ format: 'product-list', components, notes });
}

function readLine(line: string, path: string, ecosystem: string | undefined): Component | Note {
  if (line.length > lineLengthMax) {
    const text = `a line of more than ${lineLengthMax} characters`;
    return { code: 'entry-malformed', path, text };
  }
  const named = prefixed.exec(line);
  const [name, version, ...rest] = (named?.[2] ?? line).split(/[\s,;=]+/).filter((w) => w !== '');
  if (name === undefined) {
    return { code: 'name-missing', path, text: 'the line names no product' };
  }
  if (version === undefined || !/\d/.test(version)) {
    const text = 'the line tells no version; write the name, then the version';
    return { code: 'version-missing', path, text };
  }
  if (rest.length > 0) {
    const text = 'the line says more than a name and a version; write one product a line';
    return { code: 'entry-malformed', path, text };
  }
  const of = named?.[1] === undefined ? ecosystem : ecosystemOf(named[1]);
  if (of === undefined) {
    const text = 'it is not said what the product is of; begin the line with npm: or Debian:12:';
    return { code: 'ecosystem-unknown', path, text };
  }
  return {
    ecosystem: of,
    name,
    version: of === 'Go' ? version : version.replace(/^v(?=\d)/i, ''),
    path,
  };
}

/** As OSV writes it. */
function ecosystemOf(word: string): string {
  const [name = ''] = word.split(':', 1);
  const known = ecosystems.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
  return known + word.slice(name.length);
}

function readText(bytes: Uint8Array): string | null {
  if (bytes.length > inventoryLimits.bytesMax) return null;
  try {
    return fromUtf8(bytes).replaceAll('\r', '');
  } catch {
    return null;
  }
}

const notText = {
  code: 'format-unknown' as const,
  expected: 'a list of products as plain text in UTF-8',
  got: 'other bytes',
  todo: 'save the list as plain text, or send the file as it is instead of a typed list',
};
const empty = {
  code: 'format-unknown' as const,
  expected: 'one product a line: its name, then its version',
  got: 'no line with anything on it',
  todo: 'type what you run, such as: libcjson1 1.7.15-1',
};
