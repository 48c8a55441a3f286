import { toldLimits } from '../finding/finding.ts';
import { listOf, type Members, membersOf, wholeOf, wordsOf } from '../json/members.ts';
import type { SarifPlace } from './finding.ts';
import { messageOf } from './message.ts';

/** Where the files of a run are, §3.14.14, §3.14.15, §3.14.17. */
export interface Whereabouts {
  readonly bases: Members;
  /** The bases that stand for folders of the machine, longest first. */
  readonly roots: readonly string[];
  readonly artifacts: readonly (Artifact | null)[];
  readonly logicalLocations: readonly unknown[];
}

/** What is kept of an artifact: results name it by its index. */
export interface Artifact {
  readonly uri: string;
  readonly base: string | null;
}

/** A base may stand on a base; more than this is a circle or a trap. */
const basesMax = 8;

/** A location, §3.28, as a place. */
export function placeOf(location: unknown, where: Whereabouts): SarifPlace {
  const given = membersOf(location);
  const physical = membersOf(given['physicalLocation']);
  const region = membersOf(physical['region']);
  const path = pathOf(physical['artifactLocation'], where);
  return {
    path: path === null ? null : path.slice(0, toldLimits.pathMax),
    line: lineNumber(region['startLine']),
    column: lineNumber(region['startColumn']),
    endLine: lineNumber(region['endLine']),
    function: functionOf(given, where),
    message: messageOf(given['message']),
  };
}

function lineNumber(value: unknown): number | null {
  const line = wholeOf(value, 1);
  return line === null || line > toldLimits.lineMax ? null : line;
}

/** The artifact of an artifactLocation, by its uri or by its index in the run, §3.4. */
export function artifactOf(location: unknown, artifacts: Whereabouts['artifacts']) {
  const given = membersOf(location);
  const uri = wordsOf(given['uri'], 4_000);
  if (uri !== null) return { uri, base: wordsOf(given['uriBaseId'], 300) };
  const index = wholeOf(given['index'], 0);
  return index === null ? null : (artifacts[index] ?? null);
}

/**
 * The path of a file from the root of its source. A base that stands for a folder of somebody's
 * machine is left out: the same source is elsewhere for everybody else.
 */
function pathOf(location: unknown, { artifacts, bases, roots }: Whereabouts): string | null {
  const artifact = artifactOf(location, artifacts);
  if (artifact === null) return null;
  if (isAbsolute(artifact.uri)) {
    const root = roots.find((each) => artifact.uri.startsWith(each)) ?? '';
    return tidy(artifact.uri.slice(root.length));
  }
  let path = artifact.uri;
  let base = artifact.base;
  for (let steps = 0; base !== null && steps < basesMax; steps += 1) {
    const given = Object.hasOwn(bases, base) ? membersOf(bases[base]) : {};
    const uri = wordsOf(given['uri'], 4_000);
    if (uri === null || isAbsolute(uri)) break;
    path = `${uri.replace(/\/$/, '')}/${path}`;
    base = wordsOf(given['uriBaseId'], 300);
  }
  return tidy(path);
}

function isAbsolute(uri: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(uri);
}

/** Bases of one run that may stand for a folder of the machine. */
const rootsMax = 100;

/** The absolute ones of a run's bases, as folders, longest first. */
export function rootsOf(bases: Members): readonly string[] {
  return Object.values(bases)
    .flatMap((base) => wordsOf(membersOf(base)['uri'], 4_000) ?? [])
    .filter(isAbsolute)
    .slice(0, rootsMax)
    .map((uri) => (uri.endsWith('/') ? uri : `${uri}/`))
    .toSorted((a, b) => b.length - a.length);
}

/** Escapes, schemes, backslashes, and parts that are empty, `.` or `..`: most paths have none. */
const untidy = /[\\%:]|\/\/|(?:^|\/)\.{0,2}(?:\/|$)/;

/** Without `file:`, escapes, backslashes and `.` and `..` inside; other schemes stay whole. */
function tidy(uri: string): string | null {
  if (!untidy.test(uri)) return uri;
  const isFile = /^file:/i.test(uri);
  if (!isFile && /^[a-z][a-z0-9+.-]+:/i.test(uri)) return uri;
  const bare = isFile ? uri.replace(/^file:(?:\/\/[^/]*)?/i, '') : uri;
  const slashed = decoded(bare).replaceAll('\\', '/').replaceAll('\0', '');
  const parts: string[] = [];
  for (const part of slashed.split('/')) {
    if (part === '.' || part === '') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  const path = `${slashed.startsWith('/') ? '/' : ''}${parts.join('/')}`;
  return path === '' || path === '/' ? null : path;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Of the first logical location that is a function or says nothing of its kind, §3.33. */
function functionOf(location: Members, { logicalLocations }: Whereabouts): string | null {
  for (const each of listOf(location['logicalLocations'], 20)) {
    const own = membersOf(each);
    const index = wholeOf(own['index'], 0);
    const shared = membersOf(index === null ? null : logicalLocations[index]);
    const of = (name: string) => wordsOf(own[name], 4_000) ?? wordsOf(shared[name], 4_000);
    const kind = of('kind');
    if (kind !== null && !['function', 'member', 'method'].includes(kind)) continue;
    const name = of('fullyQualifiedName') ?? of('name') ?? of('decoratedName');
    if (name !== null) return name.slice(0, toldLimits.functionMax);
  }
  return null;
}
