import { type Result, refuse } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { lineLengthMax, linesOf, readText } from '../inventory/read-text.ts';

/**
 * Reads go.mod (go.dev/ref/mod, "go.mod files").
 *
 * Every `require` is a component, direct or not. What `replace` puts in its place stands for it, under
 * its own name; a folder in its place is the project's own. A required version that `exclude` rules out
 * is not the one that runs, and becomes a note; so is the Go release, of which only the least is told.
 */
export function parseGoMod(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const found = new Findings(limits);
  const directives = readDirectives(text.value, found);
  const replaced = new Map<string, readonly string[]>();
  const excluded = new Set<string>();
  for (const { verb, words } of directives) {
    if (verb === 'exclude') excluded.add(words.slice(0, 2).join(' '));
    const arrow = words.indexOf('=>');
    if (verb === 'replace' && arrow > 0) {
      replaced.set(words.slice(0, arrow).join(' '), words.slice(arrow + 1));
    }
  }
  for (const { verb, words, line } of directives) {
    const path = `line ${line}`;
    const [name = '', version = ''] = words;
    if (verb === 'go') {
      const least = `Go ${name.slice(0, 40)} or later builds it: which one does is not told`;
      found.note('not-pinned', path, least);
    } else if (verb === 'require' && excluded.has(`${name} ${version}`)) {
      const text = `${name} ${version} is excluded: a later one runs, which is not told`;
      found.note('not-pinned', path, text);
    } else if (verb === 'require') {
      const instead = replaced.get(`${name} ${version}`) ?? replaced.get(name);
      readRequire({ name, version, instead, path }, found);
    }
  }
  return directives.length === 0 ? notAModule() : found.result('go-mod');
}

interface Directive {
  readonly verb: string;
  readonly words: readonly string[];
  readonly line: number;
}

/** Verbs of one line each, and of blocks in parentheses. */
const verbs = new Set([
  'module',
  'go',
  'toolchain',
  'godebug',
  'require',
  'exclude',
  'replace',
  'retract',
  'tool',
  'ignore',
]);

function readDirectives(text: string, found: Findings): readonly Directive[] {
  const directives: Directive[] = [];
  let block: string | null = null;
  for (const { text: line, number } of linesOf(text)) {
    if (found.full) break;
    if (line.length > lineLengthMax) {
      found.note('entry-malformed', `line ${number}`, 'a line that is too long');
      continue;
    }
    const words = wordsOf(line);
    const [first, ...rest] = words;
    if (first === undefined) continue;
    if (block !== null) {
      if (first === ')') block = null;
      else directives.push({ verb: block, words, line: number });
    } else if (!verbs.has(first)) {
      found.note('entry-malformed', `line ${number}`, 'the line is no directive of go.mod');
    } else if (rest[0] === '(') {
      block = first;
    } else {
      directives.push({ verb: first, words: rest, line: number });
    }
  }
  return directives;
}

/** Words without comments; a word in quotes may hold anything. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/"[^"]*"|`[^`]*`|\/\/.*$|[()]|=>|[^\s"`()]+/g)) {
    if (word.startsWith('//')) break;
    words.push(/^["`]/.test(word) ? word.slice(1, -1) : word);
  }
  return words;
}

interface Require {
  readonly name: string;
  readonly version: string;
  readonly instead: readonly string[] | undefined;
  readonly path: string;
}

function readRequire({ name, version, instead, path }: Require, found: Findings) {
  const [other = name, otherVersion = instead === undefined ? version : undefined] = instead ?? [];
  if (otherVersion === undefined) {
    const text = `${name} is replaced by the folder ${other.slice(0, 200)}`;
    return found.note('own-project', path, text);
  }
  return found.add({
    ecosystem: 'Go',
    name: other,
    version: otherVersion,
    installedAs: name,
    path,
  });
}

function notAModule() {
  return refuse({
    code: 'format-unknown' as const,
    expected: 'go.mod',
    got: 'no directive of it',
    todo: 'send the go.mod beside the code',
  });
}
