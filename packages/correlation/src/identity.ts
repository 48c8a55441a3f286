import type { Crash, Frame } from './crash.ts';
import { bareName, stateLineOf } from './crash-state.ts';
import { isNamed, signatureOf } from './signature.ts';
import { classOfCrash, classOfWeakness } from './weakness.ts';

/** The kinds of exact evidence that two findings are one. */
export type IdentityKind = 'crash-signature' | 'location-and-weakness' | 'identifier';

/** One key; two findings that share a key of a kind are taken for one vulnerability. */
export interface IdentityKey {
  readonly kind: IdentityKind;
  /** Stable text. It names a defect: store and compare it only keyed (HMAC), never in the clear. */
  readonly text: string;
}

/** What identity looks at in a finding. */
export interface Identifiable {
  /** Package URL; version, qualifiers and subpath do not matter. */
  readonly package: string;
  readonly crash?: Crash;
  /** `CWE-125`. */
  readonly weakness?: string;
  readonly location?: Place;
  /** CVE, GHSA, OSV or vendor identifiers. */
  readonly identifiers?: readonly string[];
}

export interface Place {
  readonly path: string;
  readonly function?: string;
  readonly line?: number;
}

/**
 * Every exact identity key of a finding, without duplicates, in a stable order.
 *
 * A crash whose frames say nothing gives no signature, since it would join unrelated crashes.
 * A crash of a telling kind also gives the keys of the place where it happened, so that it meets
 * a written report of the same place. Weaknesses count by class (all out-of-bounds accesses are
 * one), because reporters choose differently among CWE-119, -122, -125 and -787.
 */
export function identityKeys(finding: Identifiable): readonly IdentityKey[] {
  const software = packageOf(finding.package);
  const keys = [...crashKeys(finding.crash, software), ...placeKeys(finding, software)];
  for (const identifier of finding.identifiers ?? []) {
    const text = normalizeIdentifier(identifier);
    if (text !== null) keys.push({ kind: 'identifier', text });
  }
  const seen = new Set<string>();
  return keys.filter((key) => {
    const id = `${key.kind} ${key.text}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Why two findings are one, a sentence per kind of shared evidence; empty where they are not. */
export function explainJoin(
  a: Identifiable,
  b: Identifiable,
): readonly { readonly kind: IdentityKind; readonly sentence: string }[] {
  const theirs = new Set(identityKeys(b).map((key) => `${key.kind} ${key.text}`));
  const shared = identityKeys(a).filter((key) => theirs.has(`${key.kind} ${key.text}`));
  return shared.map((key) => ({ kind: key.kind, sentence: `${sentences[key.kind]}: ${key.text}` }));
}

const sentences: Readonly<Record<IdentityKind, string>> = {
  'crash-signature': 'the same package crashes in the same way in the same functions',
  'location-and-weakness': 'the same kind of weakness in the same place of the same package',
  identifier: 'both carry the same identifier',
};

function crashKeys(crash: Crash | undefined, software: string): IdentityKey[] {
  if (crash === undefined || !isNamed(crash)) return [];
  const keys: IdentityKey[] = [
    { kind: 'crash-signature', text: `${software} | ${signatureOf(crash)}` },
  ];
  const weakness = classOfCrash(crash.type);
  const frame = crash.frames.find((each) => isNaming(each, crash.state));
  if (weakness === null || frame === undefined) return keys;
  return [...keys, ...keysAt({ software, weakness, place: placeOf(frame), both: true })];
}

function isNaming(frame: Frame, state: readonly string[]): boolean {
  const line = stateLineOf(frame);
  return frame.file !== undefined && line !== null && state.includes(line);
}

function placeOf(frame: Frame): Place {
  return {
    path: frame.file ?? '',
    ...(frame.function === undefined ? {} : { function: frame.function }),
    ...(frame.line === undefined ? {} : { line: frame.line }),
  };
}

function placeKeys(finding: Identifiable, software: string): IdentityKey[] {
  const weakness = finding.weakness === undefined ? null : classOfWeakness(finding.weakness);
  if (weakness === null || finding.location === undefined) return [];
  return keysAt({ software, weakness, place: finding.location, both: false });
}

interface Spot {
  readonly software: string;
  readonly weakness: string;
  readonly place: Place;
  /** Give the line's key although the function is known: a tool is sure of both. */
  readonly both: boolean;
}

/**
 * A known function is identified with its file's name alone, because the directories before it
 * differ between checkouts and builds; without one, the path and line must do.
 */
function keysAt({ software, weakness, place, both }: Spot): IdentityKey[] {
  const path = normalizePath(place.path);
  if (path === '') return [];
  const name = place.function === undefined ? '' : bareName(place.function);
  const spots = [];
  if (name !== '') spots.push(`${path.slice(path.lastIndexOf('/') + 1)}:${name}`);
  if (place.line !== undefined && (both || name === '')) spots.push(`${path}:${place.line}`);
  return spots.map((spot) => ({
    kind: 'location-and-weakness' as const,
    text: `${software} | ${weakness} | ${spot}`,
  }));
}

/** Forward slashes, no `.` or `..`, no leading slash, no build root such as `/src/<project>/`. */
function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.slice(0, 4096).replaceAll('\\', '/').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const rooted = path.startsWith('/') && parts.length > 2;
  const root = rooted && (parts[0] === 'src' || parts[0] === 'build') ? 2 : 0;
  return parts.slice(root).join('/');
}

/** `pkg:npm/lodash@4.17.11?a=b#c` gives `pkg:npm/lodash`. */
function packageOf(purl: string): string {
  const bare = purl.trim().split(/[?#]/, 1)[0] ?? '';
  const at = bare.lastIndexOf('@');
  const name = at > bare.lastIndexOf('/') ? bare.slice(0, at) : bare;
  const type = name.indexOf('/');
  return type === -1 ? name.toLowerCase() : name.slice(0, type).toLowerCase() + name.slice(type);
}

/**
 * One spelling for `cve-2023-1`, `GHSA-AAAA-…` and other advisory identifiers: capitals, but
 * lower case after `GHSA-` (its own alphabet). Null for what is no identifier.
 */
export function normalizeIdentifier(text: string): string | null {
  const id = text.trim();
  if (/^CVE-\d{4}-\d{4,19}$/i.test(id)) return id.toUpperCase();
  if (/^GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}$/i.test(id))
    return `GHSA${id.slice(4).toLowerCase()}`;
  if (/^(?:CVE|GHSA)/i.test(id)) return null;
  return /^[A-Z]{2,16}(?:-[A-Z0-9:.]{1,24}){1,5}$/i.test(id) ? id.toUpperCase() : null;
}
