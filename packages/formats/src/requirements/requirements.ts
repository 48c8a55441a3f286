import { type Result, refuse } from '@breakwater/kernel';
import { Findings, placeOf } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { linesOf, readText } from '../inventory/read-text.ts';

/** A requirement with the hashes of all its files runs over many lines. */
const requirementLengthMax = 65_536;

/** A name and its extras: packaging.python.org, "Dependency specifiers". */
export const requirementName = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*/;

/**
 * Reads requirements.txt and what `pip freeze` prints (pip.pypa.io, "Requirements file format").
 *
 * A requirement pinned by `==` to one version is a component. One that a range or nothing holds is a
 * note, because any of many versions may run; so is a file that `-r` or `-c` names, whose content is
 * not here. A pinned one with a marker is listed, with a note that it may not be installed.
 */
export function parseRequirements(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const found = new Findings(limits);
  let understood = 0;
  for (const { text: line, number } of logicalLines(text.value)) {
    if (line !== '' && readLine(line, `line ${number}`, found)) understood += 1;
    if (found.full) break;
  }
  return understood === 0 ? notAList() : found.result('requirements');
}

/** Lines joined where they end in a backslash, then without comments: the order in which pip goes. */
function* logicalLines(text: string) {
  let joined = '';
  let start = 1;
  for (const { text: line, number } of linesOf(text)) {
    if (joined === '') start = number;
    const goesOn = line.endsWith('\\') && !/^\s*#/.test(line);
    joined += goesOn ? line.slice(0, -1) : line;
    if (goesOn && joined.length <= requirementLengthMax) continue;
    yield { text: withoutComment(joined), number: start };
    joined = '';
  }
  yield { text: withoutComment(joined), number: start };
}

function withoutComment(line: string): string {
  return line.replace(/(?:^|\s)#.*$/s, '').trim();
}

/** True where the line is one of the format, a component or not. */
function readLine(line: string, path: string, found: Findings): boolean {
  if (line.length > requirementLengthMax) {
    found.note('entry-malformed', path, 'a requirement that is too long');
    return false;
  }
  if (line.startsWith('-')) return readOption(line, path, found);
  const place = /^(?:[\w+.-]+:\/\/|\.{0,2}\/|[A-Za-z]:\\|\S+\.(?:whl|zip|tar\.gz)\b)/.test(line);
  if (place) {
    const text = `installed from ${placeOf(line)}; no version is told`;
    found.note('version-missing', path, text);
    return true;
  }
  const [whole, name] = requirementName.exec(line) ?? [];
  if (whole === undefined || name === undefined) {
    found.note('entry-malformed', path, 'the line is no requirement');
    return false;
  }
  const [rest = ''] = line.slice(whole.length).split(/\s+--/);
  return readRequirement({ name, rest: rest.trim(), path }, found);
}

interface Requirement {
  readonly name: string;
  readonly rest: string;
  readonly path: string;
}

function readRequirement({ name, rest, path }: Requirement, found: Findings): boolean {
  if (rest.startsWith('@')) {
    const text = `${name} is installed from ${placeOf(rest.slice(1).trim())}; no version is told`;
    found.note('version-missing', path, text);
    return true;
  }
  const [specifiers = '', marker] = rest.split(';', 2);
  const version = pinnedVersion(specifiers);
  if (version !== undefined) {
    found.add({ ecosystem: 'PyPI', name, version, path });
    if (marker !== undefined && marker.trim() !== '') {
      const text = `${name} is installed only where ${marker.trim().slice(0, 200)}`;
      found.note('conditional', path, text);
    }
    return true;
  }
  if (specifiers.trim() !== '' && !/^\(?\s*(?:[<>=!~]=?|===)/.test(specifiers.trim())) {
    found.note('entry-malformed', path, `what follows ${name} is no version`);
    return false;
  }
  const range = specifiers.trim() === '' ? 'any version' : specifiers.trim().slice(0, 100);
  found.note('not-pinned', path, `${name} may be ${range}: which one runs is not told`);
  return true;
}

/** The version where `==` or `===` names exactly one; `==1.2.*` names many. */
function pinnedVersion(specifiers: string): string | undefined {
  for (const each of specifiers.replace(/^\s*\(|\)\s*$/g, '').split(',')) {
    const version = /^\s*={2,3}\s*([^\s*]+)\s*$/.exec(each)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

function readOption(line: string, path: string, found: Findings): boolean {
  const [, option = '', value = ''] = /^(-\w|--[\w-]+)[\s=]*(.*)$/.exec(line) ?? [];
  if (['-r', '--requirement', '-c', '--constraint'].includes(option)) {
    const text = `goes on in ${value.slice(0, 200)}, which is not here; send that file too`;
    found.note('in-another-file', path, text);
  } else if (['-e', '--editable'].includes(option)) {
    found.note('version-missing', path, `installed from ${placeOf(value)}; no version is told`);
  } else if (!/^--?[a-z][\w-]*$/.test(option)) {
    found.note('entry-malformed', path, 'the line is no option of pip');
    return false;
  }
  return true;
}

function notAList() {
  return refuse({
    code: 'format-unknown' as const,
    expected: 'requirements.txt, or what `pip freeze` prints',
    got: 'no line of either',
    todo: 'run pip freeze > requirements.txt where the program runs and send that file',
  });
}
