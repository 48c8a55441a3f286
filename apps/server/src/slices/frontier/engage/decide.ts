import { termsVersionsMax } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Command, Engagement, Event, Facts, Terms } from './model.ts';
import { refusals } from './refusals.ts';

type Code =
  | 'already-left'
  | 'already-released'
  | 'already-signed'
  | 'developer-alone'
  | 'digest-differs'
  | 'engagement-left'
  | 'neither-side'
  | 'no-such-version'
  | 'same-text'
  | 'terms-superseded'
  | 'too-many-versions';

export type Decided = Result<readonly Event[], Code>;

/**
 * What follows from a command on an engagement; `engagement` is null before it is opened. Nothing
 * that stands in an engagement, owed or unsigned, weighs when its developer leaves or releases.
 */
export function decide(engagement: Engagement | null, command: Command, facts: Facts): Decided {
  if (command.act === 'open') return ok(open(command, facts));
  // The door answers for what is not there; nothing else can have been reached.
  if (engagement === null) throw new Error('expected an engagement that was opened');
  switch (command.act) {
    case 'propose-terms':
    case 'sign-terms':
      return onTerms(engagement, command, facts);
    case 'state-dates':
    case 'state-model':
    case 'alter-sharing':
    case 'leave':
    case 'release':
      if (facts.side !== 'developer') return refuse(refusals.developerAlone);
      return byDeveloper(engagement, command, facts);
  }
}

function open(command: Extract<Command, { act: 'open' }>, { now }: Facts): readonly Event[] {
  const { dates, act: _, ...stated } = command;
  return [
    { act: 'engage.opened', ...stated, seers: withGovernment(command), at: now },
    ...(dates === null ? [] : [{ act: 'engage.dates-stated' as const, ...dates, statedAt: now }]),
  ];
}

type OnTerms = Extract<Command, { act: 'propose-terms' | 'sign-terms' }>;
type ByDeveloper = Exclude<Command, OnTerms | { act: 'open' }>;

function byDeveloper(engagement: Engagement, command: ByDeveloper, { now }: Facts): Decided {
  const { leftAt, releasedAt, model } = engagement;
  switch (command.act) {
    case 'state-dates': {
      if (leftAt !== null) return refuse(refusals.engagementLeft);
      const { partners, general } = command;
      return ok([{ act: 'engage.dates-stated', partners, general, statedAt: now }]);
    }
    case 'state-model': {
      if (leftAt !== null) return refuse(refusals.engagementLeft);
      const { sameAs, openWeight } = command;
      return ok([{ act: 'engage.model-stated', model: sameAs ?? model, was: model, openWeight }]);
    }
    case 'alter-sharing': {
      const seers = withGovernment({ ...engagement, seers: command.seers });
      return ok([{ act: 'engage.sharing-altered', seers }]);
    }
    case 'leave':
      if (leftAt !== null) return refuse(refusals.alreadyLeft);
      return ok([{ act: 'engage.left', at: now }]);
    case 'release':
      if (releasedAt !== null) return refuse(refusals.alreadyReleased);
      return ok([{ act: 'engage.released', at: now }]);
  }
}

/** ENG-3: the Government's party sees at least detail, the developer stands beside the list. */
function withGovernment({
  seers,
  developer,
  government,
}: Pick<Engagement, 'seers' | 'developer' | 'government'>): Engagement['seers'] {
  const named = new Map(seers.map(({ party, level }) => [party, level] as const));
  const stated = named.get(government);
  named.set(government, stated === 'all' ? 'all' : 'detail');
  named.delete(developer);
  return [...named].map(([party, level]) => ({ party, level }));
}

function onTerms(engagement: Engagement, command: OnTerms, { side, now }: Facts): Decided {
  if (side === null) return refuse(refusals.neitherSide);
  if (engagement.leftAt !== null) return refuse(refusals.engagementLeft);
  if (command.act === 'propose-terms') {
    const { terms, kind, digest } = command;
    const before = engagement.terms.filter((each) => each.kind === kind);
    if (before.length >= termsVersionsMax) return refuse(refusals.tooManyVersions);
    if (before.at(-1)?.digest === digest) return refuse(refusals.sameText);
    const version = before.length + 1;
    return ok([
      { act: 'engage.terms-proposed', terms, kind, version, side, digest, proposedAt: now },
    ]);
  }
  const version = engagement.terms.find(({ id }) => id === command.terms);
  if (version === undefined) return refuse(refusals.noSuchVersion);
  return sign(engagement, version, { command, side, now });
}

/** ENG-9: each side signs the newest version of a kind, once, with the digest of what it read. */
function sign(
  { terms }: Engagement,
  version: Terms,
  given: {
    readonly command: Extract<Command, { act: 'sign-terms' }>;
    readonly side: NonNullable<Facts['side']>;
    readonly now: Facts['now'];
  },
): Decided {
  const { command, side, now } = given;
  const { id, kind, digest } = version;
  if (version.signed[side] !== undefined) return refuse(refusals.alreadySigned);
  if (terms.findLast((each) => each.kind === kind)?.id !== id) {
    return refuse(refusals.termsSuperseded);
  }
  if (command.digest !== digest) return refuse(refusals.digestDiffers);
  return ok([{ act: 'engage.terms-signed', terms: id, kind, side, digest, at: now }]);
}
