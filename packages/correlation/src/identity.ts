import type { Crash, Frame } from './crash/crash.ts';
import { filteredFrame } from './crash/state-line.ts';
import { isNamed, signatureOf } from './signature.ts';
import { classOfCrash, classOfWeakness } from './weakness.ts';

/** The kinds of exact evidence that two findings are one. */
export type IdentityKind =
  | 'crash-signature'
  | 'location-and-weakness'
  | 'tool-fingerprint'
  | 'identifier';

/**
 * One key. A new finding joins where a text that it seeks equals a text that another holds.
 *
 * Most keys do both. The place of a crash is only held for reports and only sought among reports:
 * ten different overflows of one program crash in the same `EXTRACT_16BITS`, so two crashes are
 * one by their signature alone.
 */
export interface IdentityKey {
  readonly kind: IdentityKind;
  /** Stable text. It names a defect: store and compare it only keyed (HMAC), never in the clear. */
  readonly text: string;
  readonly use: 'both' | 'hold' | 'seek';
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
  /**
   * By what a static analyzer knows one result again, with the names of the tool and the rule. Only
   * what the same tool says by the same rule is compared: what two tools mean by one place is told
   * by place and weakness, or by a person.
   */
  readonly fingerprint?: string;
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
  const keys = [
    ...crashKeys(finding.crash, software),
    ...placeKeys(finding, software),
    ...fingerprintKeys(finding, software),
  ];
  for (const identifier of finding.identifiers ?? []) {
    const text = normalizeIdentifier(identifier);
    if (text !== null) keys.push({ kind: 'identifier', text, use: 'both' });
  }
  const seen = new Set<string>();
  return keys.filter((key) => {
    const id = nameOf(key);
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
  const [ours, theirs] = [identityKeys(a), identityKeys(b)];
  const shared = new Map<string, IdentityKey>();
  for (const [seeking, holding] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    const held = new Set(holding.filter((key) => key.use !== 'seek').map(nameOf));
    for (const key of seeking) {
      // Told by the place alone, whichever of the two crashed there.
      if (key.use !== 'hold' && held.has(nameOf(key))) shared.set(nameOf(plainly(key)), key);
    }
  }
  return [...shared.values()].map(plainly).map(({ kind, text }) => ({
    kind,
    sentence: `${sentences[kind]}: ${text}`,
  }));
}

function nameOf(key: IdentityKey): string {
  return `${key.kind} ${key.text}`;
}

function plainly(key: IdentityKey): IdentityKey {
  return { ...key, text: key.text.replace(/ \| (?:crashed|reported)$/, '') };
}

const sentences: Readonly<Record<IdentityKind, string>> = {
  'crash-signature': 'the same package crashes in the same way in the same functions',
  'location-and-weakness': 'the same kind of weakness in the same place of the same package',
  'tool-fingerprint': 'the same tool reports the same result by the same rule',
  identifier: 'both carry the same identifier',
};

function crashKeys(crash: Crash | undefined, software: string): IdentityKey[] {
  if (crash === undefined || !isNamed(crash)) return [];
  const keys: IdentityKey[] = [
    { kind: 'crash-signature', text: `${software} | ${signatureOf(crash)}`, use: 'both' },
  ];
  const weakness = classOfCrash(crash.type);
  const frame = crash.frames.find(isNaming);
  if (weakness === null || frame === undefined) return keys;
  return [...keys, ...keysAt({ software, weakness, place: placeOf(frame), crashed: true })];
}

/**
 * A frame that a report would name: part of the state, neither the fuzz target nor a helper that
 * is expanded from a header into its callers.
 */
function isNaming(frame: Frame): boolean {
  if (frame.file === undefined || frame.names === undefined) return false;
  if (frame.function?.startsWith('LLVMFuzzerTestOneInput')) return false;
  return !/\.(?:h|hh|hpp|hxx|inc|inl)$/i.test(frame.file);
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
  return keysAt({ software, weakness, place: finding.location, crashed: false });
}

function fingerprintKeys({ fingerprint }: Identifiable, software: string): IdentityKey[] {
  if (fingerprint === undefined) return [];
  return [{ kind: 'tool-fingerprint', text: `${software} | ${fingerprint}`, use: 'both' }];
}

interface Spot {
  readonly software: string;
  readonly weakness: string;
  readonly place: Place;
  /** A tool saw it crash there, and is sure of function and line. */
  readonly crashed: boolean;
}

/**
 * A known function is identified with its file's name alone, because the directories before it
 * differ between checkouts and builds; without one, the path and line must do.
 */
function keysAt({ software, weakness, place, crashed }: Spot): IdentityKey[] {
  const path = normalizePath(place.path);
  if (path === '') return [];
  const name = place.function === undefined ? '' : filteredFrame(place.function);
  const spots = [];
  if (name !== '') spots.push(`${path.slice(path.lastIndexOf('/') + 1)}:${name}`);
  if (place.line !== undefined && (crashed || name === '')) spots.push(`${path}:${place.line}`);
  return spots.flatMap((spot) => {
    const kind = 'location-and-weakness';
    const text = `${software} | ${weakness} | ${spot}`;
    return [
      { kind, text: `${text} | crashed`, use: crashed ? 'hold' : 'seek' },
      { kind, text: `${text} | reported`, use: crashed ? 'seek' : 'both' },
    ];
  });
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
