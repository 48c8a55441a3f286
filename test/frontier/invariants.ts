import { protections } from '@breakwater/contract';
import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import {
  type Span,
  usedDays,
} from '../../apps/server/src/slices/frontier/early-access/calendar.ts';
import type { Grant, Window } from '../../apps/server/src/slices/frontier/early-access/model.ts';
import type { Engagement, Terms } from '../../apps/server/src/slices/frontier/engage/model.ts';
import { moments } from './moments.ts';
import type { Invariant } from './search.ts';
import { type Act, type Cores, perform, type Single, type State } from './system.ts';

const daysMax = 30;

/** What law 8 and the order ask of every state and every step, said without the code under test. */
export function invariants(cores: Cores): readonly Invariant<State, Act>[] {
  const can = (state: State, single: Single) => perform(cores, state, { name: '', does: [single] });
  return [
    { name: 'the developer leaves and releases in one act', inState: (state) => free(state, can) },
    { name: 'the developer ends and shortens in one act', inState: (state) => short(state, can) },
    { name: 'no window reaches past thirty days', inState: beyondCap },
    { name: 'what is over stays over, whatever the clock says', ofStep: opensAgain },
    { name: 'no end moves later', ofStep: (before, _, after) => longer(before, after) },
    {
      name: 'a grant is active by six accepted protections',
      inState: (state) => wronglyActive(state, can),
    },
    { name: 'no determination without three consultations', inState: unconsulted },
    { name: 'an outcome alters nothing else', ofStep: outcomeAlters },
    { name: 'nobody else moves a window or an engagement', ofStep: byOthers },
  ];
}

type Can = (state: State, single: Single) => State | null;

/** Whatever stands, and whatever the clock says; and nothing is active after. */
function free(state: State, can: Can): string | null {
  for (const { id, leftAt, releasedAt } of state.engagements) {
    for (const act of ['leave', 'release'] as const) {
      if ((act === 'leave' ? leftAt : releasedAt) !== null) continue;
      const command = { act } as const;
      const after = can(state, { slice: 'engage', engagement: id, side: 'developer', command });
      if (after === null) return `${act} is refused in ${id}`;
      const open = after.access.windows.find(
        (window) => window.engagement === id && isOpen(window, after.now),
      );
      if (open !== undefined) return `${open.id} is open after ${act}`;
    }
  }
  return null;
}

function short(state: State, can: Can): string | null {
  const by = { as: 'developer' } as const;
  for (const { id: window, engagement, ends, endedAt } of state.access.windows) {
    if (endedAt !== null || state.now >= ends) continue;
    const of = state.engagements.find(({ id }) => id === engagement);
    if (of === undefined) return `${window} is of nothing`;
    const slice = { slice: 'early-access', engagement: of.id, by } as const;
    const after = can(state, { ...slice, command: { act: 'end', window } });
    if (after === null) return `end is refused of ${window}`;
    if (after.access.windows.some((each) => each.id === window && isOpen(each, after.now))) {
      return `${window} is open after its end`;
    }
    for (const to of moments) {
      if (to >= ends) continue;
      if (can(state, { ...slice, command: { act: 'shorten', window, ends: to } }) === null) {
        return `shorten to ${to} is refused of ${window}`;
      }
    }
  }
  return null;
}

/**
 * By the clocks of each zone in which days of a model were counted; a day on which access was used
 * is used whatever became of its window. Where two models turn out to be one, what was used before
 * is used: then nothing more is.
 */
function beyondCap(state: State): string | null {
  for (const model of modelsOf(state)) {
    const windows = windowsOn(state, model);
    // A window of no days counts none, by any clock.
    const counted = windows.filter(({ begins, ends }) => ends > begins);
    const uses = usesOn(state, model);
    for (const zone of new Set(counted.map((window) => window.zone))) {
      const all = daysOf(zone, [...windows.map(spanOf), ...uses]);
      if (all.size <= daysMax) continue;
      const used = daysOf(zone, [...windows.map((window) => cutAt(window, state.now)), ...uses]);
      if (!state.merged || all.size > used.size || used.size > 2 * daysMax) {
        return `${all.size} days of ${model} in ${zone}, ${used.size} of them used`;
      }
    }
  }
  return null;
}

function usesOn({ engagements, uses }: State, model: Id<'model'>): readonly Span[] {
  const on = new Set<string>(engagements.flatMap((e) => (e.model === model ? [e.id] : [])));
  return uses
    .filter(({ engagement }) => on.has(engagement))
    .map(({ at }) => ({ from: at, until: addMilliseconds(at, 1) }));
}

function opensAgain(before: State, _act: Act, after: State): string | null {
  for (const window of before.access.windows) {
    if (window.endedAt === null && before.now < window.ends) continue;
    const now = after.access.windows.find(({ id }) => id === window.id);
    if (now !== undefined && isOpen(now, after.now)) return `${window.id} is open again`;
  }
  return null;
}

function longer(before: State, after: State): string | null {
  for (const window of before.access.windows) {
    const now = after.access.windows.find(({ id }) => id === window.id);
    if (now === undefined) return `${window.id} is gone`;
    if (now.ends > window.ends || now.begins < window.begins) return `${window.id} is longer`;
    if (window.endedAt !== null && now.endedAt !== window.endedAt) return `${window.id} is back`;
  }
  return null;
}

/** Active is what opens access: whoever may use it, may. */
function wronglyActive(state: State, can: Can): string | null {
  for (const grant of state.access.grants) {
    const window = state.access.windows.find(({ id }) => id === grant.window);
    const engagement = state.engagements.find(({ id }) => id === window?.engagement);
    if (window === undefined || engagement === undefined) return `${grant.id} is of nothing`;
    const by = { as: 'person', member: grant.member } as const;
    const command = { act: 'use', grant: grant.id } as const;
    const used = can(state, { slice: 'early-access', engagement: engagement.id, by, command });
    if (used === null) continue;
    const wrong = whyNot(state, { grant, window, engagement });
    if (wrong !== null) return `${grant.id} is active, and ${wrong}`;
  }
  return null;
}

interface Of {
  readonly grant: Grant;
  readonly window: Window;
  readonly engagement: Engagement;
}

function whyNot(state: State, { grant, window, engagement }: Of): string | null {
  if (!isOpen(window, state.now)) return 'its window is not open';
  if (grant.revokedAt !== null) return 'it was revoked';
  if (engagement.leftAt !== null) return 'its engagement was left';
  const on = state.engagements.filter(({ model }) => model === engagement.model);
  if (on.some(({ releasedAt }) => releasedAt !== null)) return 'its model was released';
  for (const protection of protections) {
    const versions = engagement.terms.filter(({ kind }) => kind === protection);
    const last = versions.filter(isSigned).at(-1);
    if (last === undefined) return `${protection} has no terms`;
    if (grant.accepted[protection] !== last.id) return `${protection} is not accepted as it stands`;
  }
  return null;
}

const offices = ['ncd', 'apst', 'cisa-director'] as const;

function unconsulted({ matters }: State): string | null {
  for (const { files, determinations } of matters) {
    for (const { id, file, date } of determinations) {
      const consultations = files.find((each) => each.id === file)?.consultations ?? {};
      const missing = offices.find((office) => (consultations[office] ?? '9999') > date);
      if (missing !== undefined) return `${id} is without that of ${missing}`;
    }
  }
  return null;
}

function outcomeAlters(before: State, { does }: Act, after: State): string | null {
  if (before.matters === after.matters) return null;
  if (before.engagements.length !== after.engagements.length) return null;
  const entered = does.find(({ slice }) => slice === 'designate');
  if (entered === undefined) return 'a file moved by itself';
  const isSame = before.engagements === after.engagements && before.access === after.access;
  const isNew = after.matters.flatMap(({ determinations }) => determinations).length;
  // What is carried here was signed elsewhere, by the official.
  const isOfficial =
    entered.slice === 'designate' && (entered.official || entered.command.act === 'take-in');
  if (
    isNew > before.matters.flatMap(({ determinations }) => determinations).length &&
    !isOfficial
  ) {
    return 'somebody else determined';
  }
  return isSame ? null : 'an engagement or a window moved';
}

/** Only a developer ends, opens, shortens, leaves and releases. */
function byOthers(before: State, { does }: Act, after: State): string | null {
  const others = does.every((each) => {
    if (each.slice === 'engage') return each.side !== 'developer';
    if (each.slice === 'clock' || each.slice === 'designate') return true;
    return each.by.as !== 'developer';
  });
  if (!others) return null;
  // By the clock a window is over at its end, and at nothing else.
  const byClock = does.every(({ slice }) => slice === 'clock');
  const atEnd = after.access.windows.every(
    ({ endedAt, ends }, n) => endedAt === before.access.windows[n]?.endedAt || endedAt === ends,
  );
  if (before.access.windows !== after.access.windows && !(byClock && atEnd)) {
    return 'a window moved';
  }
  const ends = ({ engagements }: State) =>
    engagements.map(({ leftAt, releasedAt, dates }) => [leftAt, releasedAt, dates]);
  return JSON.stringify(ends(before)) === JSON.stringify(ends(after)) ? null : 'it was ended';
}

function isOpen({ begins, ends, endedAt }: Window, now: Instant): boolean {
  return endedAt === null && now >= begins && now < ends;
}

function isSigned({ signed }: Terms): boolean {
  return signed.developer !== undefined && signed.government !== undefined;
}

function modelsOf({ engagements }: State): ReadonlySet<Id<'model'>> {
  return new Set(engagements.map(({ model }) => model));
}

function windowsOn({ engagements, access }: State, model: Id<'model'>): readonly Window[] {
  const on = new Set<string>(engagements.flatMap((e) => (e.model === model ? [e.id] : [])));
  return access.windows.filter(({ engagement }) => on.has(engagement));
}

/** The time for which a window gives access, unless the developer ends it yet. */
function spanOf({ begins, ends, endedAt }: Window): Span {
  const until = endedAt !== null && endedAt < ends ? endedAt : ends;
  return { from: begins, until };
}

/** Of that, what lies before a moment, or is for ever past. */
function cutAt(window: Window, now: Instant): Span {
  const { from, until } = spanOf(window);
  return { from, until: window.endedAt !== null || until < now ? until : now };
}

const known = new Map<string, ReadonlySet<string>>();

function daysOf(zone: string, spans: readonly Span[]): ReadonlySet<string> {
  return new Set(spans.flatMap(({ from, until }) => [...daysOfOne(zone, from, until)]));
}

/** The same few spans come again in every state. */
function daysOfOne(zone: string, from: Instant, until: Instant): ReadonlySet<string> {
  const key = `${zone} ${from} ${until}`;
  const days = known.get(key) ?? new Set(usedDays(zone, [{ from, until }]));
  known.set(key, days);
  return days;
}
