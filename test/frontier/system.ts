import type { Side } from '@breakwater/contract';
import { type Id, type IdKind, type Instant, makeId } from '@breakwater/kernel';
import { decide as decideDesignate } from '../../apps/server/src/slices/frontier/designate/decide.ts';
import { evolve as evolveMatter } from '../../apps/server/src/slices/frontier/designate/evolve.ts';
import {
  type Command as DesignateCommand,
  type Matter,
  nothingYet,
} from '../../apps/server/src/slices/frontier/designate/model.ts';
import { decide as decideAccess } from '../../apps/server/src/slices/frontier/early-access/decide.ts';
import {
  evolve as evolveAccess,
  nothing,
} from '../../apps/server/src/slices/frontier/early-access/evolve.ts';
import type {
  Access,
  Command as AccessCommand,
  By,
  Window,
} from '../../apps/server/src/slices/frontier/early-access/model.ts';
import { decide as decideEngage } from '../../apps/server/src/slices/frontier/engage/decide.ts';
import { evolve as evolveEngage } from '../../apps/server/src/slices/frontier/engage/evolve.ts';
import {
  type EngagementFacts,
  factsOf as engageFacts,
} from '../../apps/server/src/slices/frontier/engage/facts.ts';
import type {
  Command as EngageCommand,
  Engagement,
} from '../../apps/server/src/slices/frontier/engage/model.ts';

/** The functions that decide, as the server calls them. A test puts a mutant in the place of one. */
export interface Cores {
  readonly engage: typeof decideEngage;
  readonly access: typeof decideAccess;
  readonly designate: typeof decideDesignate;
}

export const shipped: Cores = {
  engage: decideEngage,
  access: decideAccess,
  designate: decideDesignate,
};

/** What stands on a server, as far as a model and its release are concerned, and its clock. */
export interface State {
  readonly now: Instant;
  readonly engagements: readonly Engagement[];
  /** Of all models. */
  readonly access: Access;
  /** What is designated of each engagement, in their order. */
  readonly matters: readonly Matter[];
  /** Each act of use that was accepted: of which model, and when by the clock of then. */
  readonly uses: readonly { readonly engagement: Id<'engagement'>; readonly at: Instant }[];
  /** Two models turned out to be one, each with days of its own. */
  readonly merged: boolean;
}

/** One act of one actor, or several that follow each other at once. */
export type Single =
  | { readonly slice: 'clock'; readonly to: Instant }
  | {
      readonly slice: 'engage';
      readonly engagement: Id<'engagement'>;
      readonly side: Side | null;
      readonly command: EngageCommand;
    }
  | {
      readonly slice: 'early-access';
      readonly engagement: Id<'engagement'>;
      readonly by: By;
      readonly command: AccessCommand;
    }
  | {
      readonly slice: 'designate';
      readonly engagement: Id<'engagement'>;
      readonly official: boolean;
      readonly command: DesignateCommand;
    };

export interface Act {
  readonly name: string;
  readonly does: readonly Single[];
}

export const begun = (now: Instant): State => ({
  now,
  engagements: [],
  access: nothing,
  matters: [],
  uses: [],
  merged: false,
});

/** The id of the n-th thing of a kind. */
export function idOf<K extends IdKind>(kind: K, n: number): Id<K> {
  const made = ids.get(kind + n) ?? makeId(kind, new Uint8Array(26).fill(n));
  ids.set(kind + n, made);
  return made as Id<K>; // made for this kind, under its name
}
const ids = new Map<string, Id<IdKind>>();

/** What an act leads to; null where any part of it is refused. */
export function perform(cores: Cores, state: State, { does }: Act): State | null {
  let at: State | null = state;
  for (const single of does) {
    if (at !== null) at = performOne(cores, at, single);
  }
  return at;
}

function performOne(cores: Cores, state: State, single: Single): State | null {
  switch (single.slice) {
    case 'clock':
      return single.to === state.now ? null : { ...keptOver(state), now: single.to };
    case 'engage':
      return onEngagement(cores, state, single);
    case 'early-access':
      return onAccess(cores, state, single);
    case 'designate':
      return onMatter(cores, state, single);
  }
}

/** A running server marks what its clock went past, each second (early-access/store.ts). */
function keptOver(state: State): State {
  const isPast = ({ ends, endedAt }: Window) => endedAt === null && state.now >= ends;
  if (!state.access.windows.some(isPast)) return state;
  const windows = state.access.windows.map((each) =>
    isPast(each) ? { ...each, endedAt: each.ends } : each,
  );
  return { ...state, access: { ...state.access, windows } };
}

function onEngagement(
  cores: Cores,
  state: State,
  { engagement: id, side, command }: Extract<Single, { slice: 'engage' }>,
): State | null {
  const before = state.engagements.find((each) => each.id === id) ?? null;
  if ((before === null) !== (command.act === 'open')) return null;
  const decided = cores.engage(before, command, { now: state.now, side });
  if (!decided.ok) return null;
  let after = state;
  for (const event of decided.value) {
    // Where a model turns out to be an earlier one, every engagement on it is on that.
    const touched = (each: Engagement): boolean =>
      each.id === id || (event.act === 'engage.model-stated' && each.model === event.was);
    const engagements =
      event.act === 'engage.opened'
        ? [...after.engagements, defined(evolveEngage(null, event))]
        : after.engagements.map((each) =>
            touched(each) ? defined(evolveEngage(each, event)) : each,
          );
    const matters = event.act === 'engage.opened' ? [...after.matters, nothingYet] : after.matters;
    const merged =
      after.merged || (event.act === 'engage.model-stated' && event.model !== event.was);
    after = { ...after, engagements, matters, merged };
    if (follows.has(event.act)) after = follow(cores, after, id);
  }
  return after;
}

/** What early access follows in the same transaction (slices/reactions.ts). */
const follows: ReadonlySet<string> = new Set([
  'engage.dates-stated',
  'engage.model-stated',
  'engage.left',
  'engage.released',
]);

function follow(cores: Cores, state: State, engagement: Id<'engagement'>): State {
  const by = { as: 'engagement' } as const;
  const followed = onAccess(cores, state, {
    slice: 'early-access',
    engagement,
    by,
    command: { act: 'follow-engagement' },
  });
  if (followed === null) throw new Error('expected that what follows is never refused');
  return followed;
}

function onAccess(
  cores: Cores,
  state: State,
  { engagement: id, by, command }: Extract<Single, { slice: 'early-access' }>,
): State | null {
  const engagement = state.engagements.find((each) => each.id === id);
  if (engagement === undefined) return null;
  const decided = cores.access(accessTo(state, engagement.model), command, {
    now: state.now,
    by,
    engagement: factsOf(state, engagement),
  });
  if (!decided.ok) return null;
  const access = decided.value.reduce(evolveAccess, state.access);
  const uses = decided.value.some(({ act }) => act === 'early-access.used')
    ? [...state.uses, { engagement: id, at: state.now }]
    : state.uses;
  return access === state.access ? state : { ...state, access, uses };
}

function onMatter(
  cores: Cores,
  state: State,
  { engagement: id, official, command }: Extract<Single, { slice: 'designate' }>,
): State | null {
  const at = state.engagements.findIndex((each) => each.id === id);
  const [engagement, matter] = [state.engagements[at], state.matters[at]];
  if (engagement === undefined || matter === undefined) return null;
  const { leftAt } = engagement;
  const decided = cores.designate(matter, command, { now: state.now, official, leftAt });
  if (!decided.ok) return null;
  const after = decided.value.reduce(evolveMatter, matter);
  return { ...state, matters: state.matters.with(at, after) };
}

/** What stands of one model: of every engagement on it. */
export function accessTo({ access, engagements }: State, model: Id<'model'>): Access {
  const on = new Set<string>(
    engagements.flatMap((each) => (each.model === model ? [each.id] : [])),
  );
  const windows = access.windows.filter(({ engagement }) => on.has(engagement));
  const inside = new Set(windows.map(({ id }) => id));
  return {
    plans: access.plans.filter(({ engagement }) => on.has(engagement)),
    windows,
    grants: access.grants.filter(({ window }) => inside.has(window)),
  };
}

/** What early access takes from an engagement (engage/look.ts). */
export function factsOf({ engagements }: State, engagement: Engagement): EngagementFacts {
  const on = engagements.filter(({ model }) => model === engagement.model);
  return engageFacts(
    engagement,
    on.flatMap(({ releasedAt }) => releasedAt ?? []),
  );
}

/** Parts that a state shares with the one before it are read once. */
export function keyOf({ now, engagements, access, matters, uses, merged }: State): string {
  const { plans, windows, grants } = access;
  const parts = [...engagements, ...matters, plans, ...windows, ...grants, uses];
  return `${now}|${merged}|${engagements.length},${windows.length}|${parts.map(numberOf).join()}`;
}

const numbers = new Map<string, number>();
const seen = new WeakMap<object, number>();

function numberOf(part: object): number {
  const known = seen.get(part);
  if (known !== undefined) return known;
  const text = JSON.stringify(part);
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  seen.set(part, number);
  return number;
}

function defined<T>(value: T | null): T {
  if (value === null) throw new Error('expected what was opened to stand');
  return value;
}
