import type { Embargo, Publication } from '@breakwater/contract';
import { conform, type OsvAffected, type OsvRecord } from '@breakwater/formats/osv';
import { buildPurl } from '@breakwater/formats/purl';
import { type Instant, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { compare } from '@breakwater/versions';

/** A case as publication sees it. */
export interface PublicationState {
  readonly mergedInto: string | null;
  readonly embargo: Embargo;
  readonly advisory: string | null;
}

/** The patch named in a publication; null where none was named. */
export interface PatchState {
  readonly inCase: boolean;
  readonly verified: boolean;
  readonly sha256: string;
  readonly attestation: string | null;
}

export interface PublicationFacts {
  readonly id: string;
  readonly now: Instant;
  readonly patch: PatchState | null;
  /** Names of the finders, for credit. */
  readonly finders: readonly string[];
}

export type PublishCode =
  | 'embargoed'
  | 'already-published'
  | 'patch-not-verified'
  | 'advisory-malformed'
  | 'version-malformed'
  | 'case-merged';

/**
 * Decides whether an advisory may go out now, and makes it.
 *
 * The embargo must be open, over, or past its hour; a patch that goes with it must be verified
 * (law 3); the record must conform to the OSV schema before anyone sees it.
 */
export function decidePublish(
  state: PublicationState,
  wish: Publication,
  facts: PublicationFacts,
): Result<OsvRecord, PublishCode> {
  const { problems, record } = publicationProblems(state, wish, facts);
  const [first] = problems;
  if (first !== undefined) return refuse(first);
  if (record === null) throw new Error('an advisory without a problem has a record');
  return ok(record);
}

/** Everything an advisory would be refused for, and the record where its parts make one. */
export function publicationProblems(
  state: PublicationState,
  wish: Publication,
  facts: PublicationFacts,
): { readonly problems: readonly Refusal<PublishCode>[]; readonly record: OsvRecord | null } {
  const problems: Refusal<PublishCode>[] = [];
  if (state.mergedInto !== null) problems.push(merged);
  if (state.advisory !== null) problems.push(published);
  if (state.embargo.state === 'until' && state.embargo.endsAt > facts.now) {
    problems.push(embargoed(state.embargo.endsAt));
  }
  if (facts.patch !== null && !(facts.patch.inCase && facts.patch.verified)) {
    problems.push(unverified);
  }
  const versions = wish.affected.flatMap((affected, i) => versionProblem(affected, i) ?? []);
  problems.push(...versions);
  const record = conform(osvRecord(wish, facts));
  if (!record.ok) problems.push({ ...record.refusal, code: 'advisory-malformed' });
  return { problems, record: record.ok && versions.length === 0 ? record.value : null };
}

function versionProblem(affected: Publication['affected'][number], i: number) {
  const order = compare(affected.ecosystem, affected.introduced, affected.fixed);
  const malformed = !order.ok && affected.introduced !== '0';
  const fixedAlone = compare(affected.ecosystem, affected.fixed, affected.fixed);
  if (malformed || !fixedAlone.ok) return versionMalformed(i, affected.ecosystem);
  return order.ok && order.value >= 0 ? versionOrder(i) : null;
}

/**
 * What a newer list of the same inventory does to a notice. A report of done that the list does not
 * bear out is no fix installed (law 6); not affected is a person's judgement and stands.
 */
export function decideFollow(
  status: 'open' | 'done' | 'helper' | 'not-affected' | 'resolved' | 'withdrawn',
  affected: boolean,
): 'distribute.resolved' | 'distribute.reopened' | 'distribute.card-renewed' | null {
  if (status === 'not-affected' || status === 'withdrawn') return null;
  if (!affected) return status === 'open' || status === 'helper' ? 'distribute.resolved' : null;
  return status === 'done' || status === 'resolved'
    ? 'distribute.reopened'
    : 'distribute.card-renewed';
}

/** The advisory in OSV form (ossf.github.io/osv-schema). */
function osvRecord(wish: Publication, facts: PublicationFacts): OsvRecord {
  const { patch } = facts;
  return {
    schema_version: '1.7.3',
    id: facts.id,
    modified: facts.now,
    published: facts.now,
    aliases: wish.aliases,
    summary: wish.summary,
    details: wish.details,
    affected: wish.affected.map(affectedRecord),
    references: wish.references,
    ...(wish.creditFinders && facts.finders.length > 0
      ? { credits: facts.finders.map((name) => ({ name, type: 'FINDER' })) }
      : {}),
    ...(patch === null || wish.patch === undefined
      ? {}
      : {
          database_specific: {
            verified_patch: {
              id: wish.patch,
              sha256: patch.sha256,
              attestation: patch.attestation,
            },
          },
        }),
  };
}

function affectedRecord(affected: Publication['affected'][number]): OsvAffected {
  const { ecosystem, package: name, introduced, fixed, binaries } = affected;
  const purl =
    ecosystem === 'npm' ? npmPurl(name) : buildPurl({ type: 'deb', namespace: 'debian', name });
  return {
    package: { ecosystem, name, ...(purl.ok ? { purl: purl.value.canonical } : {}) },
    ranges: [
      { type: ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM', events: [{ introduced }, { fixed }] },
    ],
    ...(binaries.length === 0 ? {} : { ecosystem_specific: { binaries } }),
  };
}

function npmPurl(name: string) {
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return buildPurl({ type: 'npm', namespace: scope, name: bare ?? name });
}

const merged = {
  code: 'case-merged',
  expected: 'a case that stands for itself',
  got: 'one that was joined into another',
  todo: 'publish the case it was joined into',
} as const;
const published = {
  code: 'already-published',
  expected: 'a case without an advisory',
  got: 'one that has its advisory',
  todo: 'read the advisory',
} as const;
const unverified = {
  code: 'patch-not-verified',
  expected: 'a verified patch of this case',
  got: 'one that is not verified, or not of this case',
  todo: 'wait for its verification, or publish without it',
  pointer: '/patch',
} as const;

function embargoed(endsAt: Instant) {
  return {
    code: 'embargoed',
    expected: 'an embargo that is over',
    got: `one that runs until ${endsAt}`,
    todo: 'wait for the hour, move it, or end the embargo because the matter is public',
  } as const;
}

function versionMalformed(index: number, ecosystem: string) {
  return {
    code: 'version-malformed',
    expected: `versions as ${ecosystem} writes them`,
    got: 'a text that is none',
    todo: 'write the versions as the ecosystem does',
    pointer: `/affected/${index}`,
  } as const;
}

function versionOrder(index: number) {
  return {
    code: 'version-malformed',
    expected: 'the fixed version to come after the introduced one',
    got: 'them in the other order',
    todo: 'exchange or correct the versions',
    pointer: `/affected/${index}`,
  } as const;
}
