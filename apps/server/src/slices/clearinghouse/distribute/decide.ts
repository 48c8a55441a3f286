import type { Embargo, Publication } from '@breakwater/contract';
import type { Revision } from '@breakwater/formats/advisory';
import { parseCvss } from '@breakwater/formats/cvss';
import { cweName } from '@breakwater/formats/cwe';
import { conform, type OsvAffected, type OsvRecord } from '@breakwater/formats/osv';
import { packagePurl } from '@breakwater/formats/purl';
import { type Instant, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { compare } from '@breakwater/versions';
import { type Documents, type Issuer, writeDocuments } from './documents.ts';

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
  readonly issuer: Issuer;
  /** What was out before, the first one first. */
  readonly revisions: readonly Revision[];
  /** What is new, in one line. */
  readonly change: string;
}

/** An advisory in every format it goes out in. */
export interface Published {
  readonly record: OsvRecord;
  readonly documents: Documents;
}

export type PublishCode =
  | 'embargoed'
  | 'already-published'
  | 'not-published'
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
): Result<Published, PublishCode> {
  const { problems, outcome } = publicationProblems(state, wish, facts);
  const [first] = problems;
  if (first !== undefined) return refuse(first);
  if (outcome === null) throw new Error('an advisory without a problem has its documents');
  return ok(outcome);
}

/**
 * Decides whether a later version of an advisory may go out, and makes it. What was published stays
 * public, so no embargo is asked about.
 */
export function decideRevise(
  state: PublicationState,
  wish: Publication,
  facts: PublicationFacts,
): Result<Published, PublishCode> {
  if (state.mergedInto !== null) return refuse(merged);
  if (state.advisory === null) return refuse(unpublished);
  const { problems, outcome } = contentProblems(wish, facts);
  const [first] = problems;
  if (first !== undefined) return refuse(first);
  if (outcome === null) throw new Error('an advisory without a problem has its documents');
  return ok(outcome);
}

/** Everything an advisory would be refused for, and the record where its parts make one. */
export function publicationProblems(
  state: PublicationState,
  wish: Publication,
  facts: PublicationFacts,
): Contents {
  const problems: Refusal<PublishCode>[] = [];
  if (state.mergedInto !== null) problems.push(merged);
  if (state.advisory !== null) problems.push(published);
  if (state.embargo.state === 'until' && state.embargo.endsAt > facts.now) {
    problems.push(embargoed(state.embargo.endsAt));
  }
  const contents = contentProblems(wish, facts);
  return { ...contents, problems: [...problems, ...contents.problems] };
}

interface Contents {
  readonly problems: readonly Refusal<PublishCode>[];
  readonly record: OsvRecord | null;
  readonly outcome: Published | null;
}

/** What is wrong with the advisory itself, whenever it goes out. */
function contentProblems(wish: Publication, facts: PublicationFacts): Contents {
  const problems: Refusal<PublishCode>[] = [];
  if (facts.patch !== null && !(facts.patch.inCase && facts.patch.verified)) {
    problems.push(unverified);
  }
  const versions = wish.affected.flatMap((affected, i) => versionProblem(affected, i) ?? []);
  problems.push(...versions);
  problems.push(...severityProblems(wish), ...weaknessProblems(wish));
  const record = conform(osvRecord(wish, facts));
  if (!record.ok) problems.push({ ...record.refusal, code: 'advisory-malformed' });
  const sound = record.ok && versions.length === 0 ? record.value : null;
  const documents = sound === null ? null : writeDocuments(sound, revisionsIn(facts), facts.issuer);
  if (documents?.ok === false) {
    const { pointer: _, ...refusal } = documents.refusal;
    problems.push({ ...refusal, code: 'advisory-malformed' });
  }
  const outcome =
    sound !== null && documents?.ok ? { record: sound, documents: documents.value } : null;
  return { problems, record: sound, outcome };
}

/** The revisions with the one that would be made now. */
function revisionsIn({ revisions, now, change }: PublicationFacts): readonly Revision[] {
  return [...revisions, { number: revisions.length + 1, date: now, summary: change }];
}

function severityProblems({ severity = [] }: Publication): Refusal<PublishCode>[] {
  const seen = new Set<string>();
  return severity.flatMap((text, i) => {
    const vector = parseCvss(text);
    const pointer = `/severity/${i}`;
    if (!vector.ok) return { ...vector.refusal, code: 'advisory-malformed' as const, pointer };
    const { version } = vector.value;
    const isSecond = seen.has(version);
    seen.add(version);
    return isSecond ? { ...secondVector(version), pointer } : [];
  });
}

function weaknessProblems({ weaknesses = [] }: Publication): Refusal<PublishCode>[] {
  return weaknesses.flatMap((id, i) =>
    cweName(id) === null ? { ...noSuchWeakness(id), pointer: `/weaknesses/${i}` } : [],
  );
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
    published: facts.revisions[0]?.date ?? facts.now,
    aliases: wish.aliases,
    summary: wish.summary,
    details: wish.details,
    ...(wish.severity === undefined ? {} : { severity: wish.severity.map(severityRecord) }),
    affected: wish.affected.map(affectedRecord),
    references: wish.references,
    ...(wish.creditFinders && facts.finders.length > 0
      ? { credits: facts.finders.map((name) => ({ name, type: 'FINDER' })) }
      : {}),
    ...ownFields(wish, patch),
  };
}

/** What OSV has no fields for. */
function ownFields({ patch: id, weaknesses }: Publication, patch: PatchState | null) {
  const own = {
    ...(weaknesses === undefined ? {} : { cwe_ids: weaknesses }),
    ...(patch === null || id === undefined
      ? {}
      : { verified_patch: { id, sha256: patch.sha256, attestation: patch.attestation } }),
  };
  return Object.keys(own).length === 0 ? {} : { database_specific: own };
}

function severityRecord(vector: string) {
  const parsed = parseCvss(vector);
  const major = parsed.ok ? parsed.value.version.charAt(0) : '3';
  return { type: `CVSS_V${major}`, score: parsed.ok ? parsed.value.text : vector };
}

/** Ecosystems whose ranges OSV writes in semantic versions, without Go's leading v. */
const semantic: ReadonlySet<string> = new Set(['npm', 'Go', 'crates.io']);

function affectedRecord(affected: Publication['affected'][number]): OsvAffected {
  const { ecosystem, package: name, binaries } = affected;
  const purl = packagePurl(ecosystem, name);
  const bare = (version: string) => (ecosystem === 'Go' ? version.replace(/^v/, '') : version);
  const events = [{ introduced: bare(affected.introduced) }, { fixed: bare(affected.fixed) }];
  return {
    package: { ecosystem, name, ...(purl === undefined ? {} : { purl }) },
    ranges: [{ type: semantic.has(ecosystem) ? 'SEMVER' : 'ECOSYSTEM', events }],
    ...(binaries.length === 0 ? {} : { ecosystem_specific: { binaries } }),
  };
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
const unpublished = {
  code: 'not-published',
  expected: 'a case whose advisory is out',
  got: 'one without an advisory',
  todo: 'publish it first',
} as const;
const unverified = {
  code: 'patch-not-verified',
  expected: 'a verified patch of this case',
  got: 'one that is not verified, or not of this case',
  todo: 'wait for its verification, or publish without it',
  pointer: '/patch',
} as const;

function noSuchWeakness(id: string) {
  return {
    code: 'advisory-malformed',
    expected: 'a weakness that CWE lists',
    got: id,
    todo: 'look it up at cwe.mitre.org, or leave it out',
  } as const;
}

function secondVector(version: string) {
  return {
    code: 'advisory-malformed',
    expected: 'one vector of each version of CVSS',
    got: `a second one of ${version}`,
    todo: 'leave the one that holds',
  } as const;
}

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
