import { ok, type Result } from '@breakwater/kernel';
import { type CommitsInput, parseCommits } from './commits.ts';
import { parseTargetAndRevision, type TargetInput } from './parse-target.ts';
import { refusal } from './refusal.ts';
import type { RepositoryFacts } from './repository.ts';
import { allRevisions, fits, type Revisions, versionsOrAll } from './revisions.ts';
import type { Target, TargetRefusal } from './target.ts';
import { formatVers, oneVersion, parseVers } from './version-range.ts';

/** A target in some of its versions. */
export interface Place {
  readonly target: Target;
  readonly revisions: Revisions;
}

export type PlaceRefusal = TargetRefusal | 'versions-malformed' | 'commits-malformed';

/** A place as it is written: the versions in the target's text, or beside it. */
export interface PlaceInput {
  readonly target: TargetInput;
  /** A VERS range, or one version. */
  readonly versions?: string | undefined;
  readonly commits?: CommitsInput | undefined;
}

/** A place as JSON: its target is the canonical text. */
export interface PlaceText extends PlaceInput {
  readonly target: string;
}

/**
 * Parses a target with its versions: `pkg:npm/lodash@4.17.20`, a package URL with the qualifier
 * `vers`, a repository's address with `@commit`, a CPE name with a version, or an object. Refuses
 * versions of a live system, and versions in the text and beside it at once.
 */
export function parsePlace(
  input: string | PlaceInput,
  facts: RepositoryFacts = {},
): Result<Place, PlaceRefusal> {
  const given = typeof input === 'string' ? { target: input } : input;
  const parsed = parseTargetAndRevision(given.target, facts);
  if (!parsed.ok) return parsed;
  const { target, revision, vers } = parsed.value;
  const said = [revision, vers, given.versions, given.commits].filter((each) => each != null);
  if (said.length > 1) return twice(target.text);
  const revisions = revisionsOf(target, given, { revision, vers });
  if (!revisions.ok) return revisions;
  if (fits(target, revisions.value)) return ok({ target, revisions: revisions.value });
  return refusal('versions-malformed', target.text, {
    expected: 'versions of a package in its own order, of a product, or commits of a repository',
    todo: 'give versions where there are some; a live system has none',
  });
}

/** A place as JSON that `parsePlace` gives back, unless several ranges of commits were joined in it. */
export function formatPlace(place: Place): PlaceInput {
  const [first] = formatPlaces(place);
  return first ?? { target: place.target.text };
}

/** A place as JSON, one for each range of commits; `parseExtent` makes them one place again. */
export function formatPlaces({ target, revisions }: Place): readonly PlaceText[] {
  switch (revisions.kind) {
    case 'all':
      return [{ target: target.text }];
    case 'versions':
      return [{ target: target.text, versions: formatVers(revisions) }];
    case 'commits': {
      const { ids, ranges } = revisions;
      const named = ids.length === 0 ? {} : { ids };
      const spans = ranges.map(({ after, until }) => ({
        ...(after === null ? {} : { after }),
        ...(until === null ? {} : { until }),
      }));
      const [first = {}, ...others] = spans;
      return [{ ...named, ...first }, ...others].map((commits) => ({
        target: target.text,
        commits,
      }));
    }
  }
}

function revisionsOf(
  target: Target,
  given: PlaceInput,
  named: { readonly revision: string | null; readonly vers: string | null },
): Result<Revisions, 'versions-malformed' | 'commits-malformed'> {
  if (given.commits !== undefined) return parseCommits(given.commits);
  const text = named.vers ?? given.versions ?? named.revision;
  if (text === null) return ok(allRevisions);
  if (target.kind === 'repository') return parseCommits({ ids: [text] });
  const scheme = target.kind === 'package' ? target.type : 'generic';
  const versions = text.startsWith('vers:') ? parseVers(text) : oneVersion(scheme, text);
  return versions.ok ? ok(versionsOrAll(versions.value)) : versions;
}

function twice(text: string) {
  return refusal('versions-malformed', text, {
    expected: 'versions in one place',
    todo: 'give the versions in the target or beside it, not both',
  });
}
