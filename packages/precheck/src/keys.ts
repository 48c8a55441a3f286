import { type Identifiable, type IdentityKey, identityKeys } from '@breakwater/correlation';
import { parsePurl } from '@breakwater/formats/purl';
import { utf8 } from '@breakwater/kernel';

/** What a pre-check looks at in a finding. */
export type Checkable = Pick<Identifiable, 'package' | 'crash' | 'weakness' | 'location'>;

/** One thing that can be asked for, in the form both sides write it in (docs/precheck.md). */
export interface PrecheckKey {
  readonly granularity: 'crash-state' | 'function';
  /** The text of the identity key that correlation would compare. */
  readonly text: string;
  /** What is held is found by what is sought; most keys do both. */
  readonly use: IdentityKey['use'];
}

const granularities: Partial<Record<IdentityKey['kind'], PrecheckKey['granularity']>> = {
  'crash-signature': 'crash-state',
  'location-and-weakness': 'function',
};

/**
 * The keys of a finding at both granularities, in a stable order, at most four.
 *
 * They are correlation's own, so that the answer is the one that handing in would give: what it
 * takes for the same is the same here. Identifiers and tools' fingerprints are left out: a CVE's
 * number can be guessed in no time. A place is sought by its function; its line stands for it only
 * where none is known, since every key that is asked tells a little of which finding it is.
 *
 * Empty where the package URL cannot be read, or nothing in the finding names it exactly.
 */
export function precheckKeys(finding: Checkable): readonly PrecheckKey[] {
  const software = canonicalPackage(finding.package);
  if (software === null) return [];
  const { crash, weakness, location } = finding;
  const told: Checkable = {
    package: software,
    ...(crash === undefined ? {} : { crash }),
    ...(weakness === undefined ? {} : { weakness }),
    ...(location === undefined ? {} : { location }),
  };
  const keys = [
    ...identityKeys(told).filter((key) => key.use === 'hold'),
    ...identityKeys(byFunctions(told)).filter((key) => key.use !== 'hold'),
  ];
  return ofBothGranularities(keys);
}

/** Of the keys that correlation made of a finding, those by which a pre-check finds it. */
export function heldAmong(keys: readonly IdentityKey[]): readonly PrecheckKey[] {
  return ofBothGranularities(keys.filter((key) => key.use !== 'seek'));
}

function ofBothGranularities(keys: readonly IdentityKey[]): readonly PrecheckKey[] {
  return keys.flatMap(({ kind, text, use }) => {
    const granularity = granularities[kind];
    return granularity === undefined ? [] : [{ granularity, text, use }];
  });
}

function byFunctions({ crash, location, ...rest }: Checkable): Checkable {
  return {
    ...rest,
    ...(location === undefined ? {} : { location: byFunction(location) }),
    ...(crash === undefined ? {} : { crash: { ...crash, frames: crash.frames.map(byFunction) } }),
  };
}

function byFunction<T extends { readonly function?: string; readonly line?: number }>(place: T): T {
  if (place.function === undefined) return place;
  const { line: _, ...named } = place;
  return named as T; // `line` is optional in T
}

/** A package URL without version, qualifiers and subpath, spelled as findings keep it; or null. */
export function canonicalPackage(text: string): string | null {
  const purl = parsePurl(text);
  if (!purl.ok) return null;
  const { type, namespace, name } = purl.value;
  const within = namespace === undefined || namespace === '' ? '' : `${namespace}/`;
  const canonical = `pkg:${type}/${within}${name}`;
  return /^\P{Cc}*$/u.test(canonical) ? canonical : null;
}

/** The input of the function that is evaluated blindly: a key under its granularity, in UTF-8. */
export function inputOf({ granularity, text }: Pick<PrecheckKey, 'granularity' | 'text'>) {
  return utf8(`breakwater precheck key v1\n${granularity}\n${text}`);
}
