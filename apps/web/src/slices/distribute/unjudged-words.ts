import type { Doubt } from '@breakwater/contract';

/** What of one list could not be judged, as the server counts it. */
export interface Unjudged {
  readonly components: number;
  /** Entries that became no component; null: nobody counted them. */
  readonly notUnderstood: number | null;
  readonly releaseMissing: number;
  readonly compared: boolean;
  readonly undecided: readonly {
    readonly doubt: Doubt;
    readonly components: number;
    readonly advisories: number;
  }[];
}

/** Why nobody can say, for somebody who runs these programs. */
const why: Readonly<Record<Exclude<Doubt, 'release-unknown'>, string>> = {
  'version-malformed': 'the version in the list is not one that can be compared',
  'order-unknown': 'nobody here knows how versions of their kind are ordered',
  'range-malformed': 'the advisory does not tell its versions in a form that can be compared',
  'range-of-commits': 'the advisory names changes to the source instead of versions',
};

/** `3 programs`, and `1 program`. */
export function programs(count: number): string {
  return count === 1 ? '1 program' : `${count} programs`;
}

/** Each thing that is open in a list, as a sentence; the one that a release mends comes first. */
export function openOf(list: Unjudged): readonly string[] {
  const { releaseMissing, undecided } = list;
  const release = undecided.find((each) => each.doubt === 'release-unknown');
  const missing =
    releaseMissing === 0
      ? []
      : [
          `${programs(releaseMissing)} could not be judged: the list does not tell which release of ` +
            `Debian they are of, and what is mended differs from one to the next.${reach(release)}`,
        ];
  const others = undecided.flatMap(({ doubt, components }) => {
    if (doubt !== 'release-unknown') {
      return [`${programs(components)} could not be judged: ${why[doubt]}.`];
    }
    return releaseMissing > 0
      ? []
      : [`${programs(components)} could not be judged: the list does not tell the release.`];
  });
  return [...(isAllLeftOut(list) ? [nothing] : []), ...missing, ...others];
}

const nothing =
  'Nothing in this list was understood, so nobody can say what of it is affected. ' +
  'A list made by a package manager, or an SBOM with package URLs, tells it.';

function isAllLeftOut({ components, notUnderstood }: Unjudged): boolean {
  return components === 0 && (notUnderstood ?? 0) > 0;
}

/** The same for a column of a table: how many, and a word each. */
export function shortOf(list: Unjudged): readonly string[] {
  const { releaseMissing, undecided } = list;
  const others = undecided.filter(
    ({ doubt }) => doubt !== 'release-unknown' || releaseMissing === 0,
  );
  return [
    ...(isAllLeftOut(list) ? ['all of it'] : []),
    ...(releaseMissing === 0 ? [] : [`${releaseMissing} without release`]),
    ...others.map(({ doubt, components }) => `${components} ${inAWord[doubt]}`),
  ];
}

const inAWord: Readonly<Record<Doubt, string>> = {
  'release-unknown': 'without release',
  'version-malformed': 'with an unclear version',
  'order-unknown': 'of an unknown kind',
  'range-malformed': 'with an unclear advisory',
  'range-of-commits': 'with an advisory about source',
};

function reach(release: Unjudged['undecided'][number] | undefined): string {
  if (release === undefined) return ' Nothing published up to now is about them.';
  const advisories =
    release.advisories === 1 ? 'an advisory is' : `${release.advisories} advisories are`;
  const affected = release.components === 1 ? 'it may be' : 'they may be';
  return ` Of ${release.components} of them ${advisories} out, and ${affected} affected.`;
}
