import { earlier, later, ok, type Result, refuse } from '@breakwater/kernel';
import { latestEndInAll, type Span, usedDays } from './calendar.ts';
import { decideGrant, type GrantCode } from './decide-grant.ts';
import type { Access, Command, EndsBecause, Event, Facts, Window } from './model.ts';
import { refusals } from './refusals.ts';
import { daysMax, isEngagementOver, isOver, spanOf } from './standing.ts';

/** One model has so many windows at most: each decision weighs them all. */
const windowsMax = 500;

type Code =
  | GrantCode
  | 'already-over'
  | 'developer-alone'
  | 'government-alone'
  | 'no-days-left'
  | 'not-earlier'
  | 'plan-first'
  | 'too-many';

export type Decided = Result<readonly Event[], Code>;

/**
 * What follows from a command on the access to one model. No command makes a window longer, and
 * nothing that the developer does to end or shorten one is refused, except where it is over.
 */
export function decide(access: Access, command: Command, facts: Facts): Decided {
  switch (command.act) {
    case 'state-plan':
      if (facts.by.as !== 'government') return refuse(refusals.governmentAlone);
      if (isEngagementOver(facts.engagement)) return refuse(refusals.engagementOver);
      return ok([{ act: 'early-access.plan-stated', plan: command.plan }]);
    case 'open-window':
      return openWindow(access, command, facts);
    case 'shorten':
    case 'end':
      return shorten(access, command, facts);
    case 'follow-engagement':
      return ok(followEngagement(access, facts));
    case 'add-person':
    case 'accept-protection':
    case 'use':
    case 'record-export':
    case 'revoke':
    case 'attest-return':
      return decideGrant(access, command, facts);
  }
}

/**
 * EAR-3 EAR-4: a window ends at the earliest of what the developer asks, its date for other trusted
 * partners, and the end of the last calendar day that is left of thirty.
 */
function openWindow(
  access: Access,
  wish: Extract<Command, { act: 'open-window' }>,
  { by, engagement, now }: Facts,
): Decided {
  if (by.as !== 'developer') return refuse(refusals.developerAlone);
  if (isEngagementOver(engagement)) return refuse(refusals.engagementOver);
  const plan = access.plans.find(({ id }) => id === wish.plan);
  if (plan?.engagement !== engagement.id) return refuse(refusals.planFirst);
  if (access.windows.length >= windowsMax) return refuse(refusals.tooManyWindows);
  const begins = wish.begins < now ? now : wish.begins;
  const { zone, plannedPartnerRelease } = engagement;
  // By the clocks of every zone in which days of this model were counted: a developer that moves
  // gains none.
  const zones = [...new Set([zone, ...access.windows.map((window) => window.zone)])];
  const used = access.windows.map((window) => spanOf(window, access.grants));
  const cap = latestEndInAll({ zones, start: begins, used, cap: daysMax });
  const asked = wish.ends === null ? null : later(wish.ends, begins);
  const [ends, because] = earliest([
    [asked, 'asked'],
    [cap ?? begins, 'thirty-days'],
    [plannedPartnerRelease === null ? null : later(plannedPartnerRelease, begins), 'partner-date'],
  ]);
  // Zero days are a window, where that is what was asked for.
  if (ends === begins && asked !== begins) return refuse(refusals.noDaysLeft);
  const { window: id, plan: of } = wish;
  const window = { id, plan: of, engagement: engagement.id, zone, begins, ends };
  return ok([{ act: 'early-access.window-opened', window, because }]);
}

/** EAR-5: earlier, or at once; never later. */
function shorten(
  access: Access,
  wish: Extract<Command, { act: 'shorten' | 'end' }>,
  { by, engagement, now }: Facts,
): Decided {
  if (by.as !== 'developer') return refuse(refusals.developerAlone);
  const window = access.windows.find(({ id }) => id === wish.window);
  if (window?.engagement !== engagement.id) return refuse(refusals.noSuchWindow);
  if (isOver(window, now)) return refuse(refusals.alreadyOver);
  if (wish.act === 'end') {
    return ok([{ act: 'early-access.window-ended', window: window.id, at: now }]);
  }
  if (wish.ends >= window.ends) return refuse(refusals.notEarlier);
  return ok([endingBy(window, wish.ends, now)]);
}

/**
 * EAR-7: what the developer states and does elsewhere shortens and ends; never more. Leaving ends the
 * windows of its engagement, releasing every window on the model. Where two models turn out to be
 * one, their days are counted together from then on.
 */
function followEngagement(access: Access, { engagement, now }: Facts): readonly Event[] {
  const standing = access.windows.filter((window) => !isOver(window, now));
  const ended = standing.filter(
    (window) =>
      engagement.releasedAt !== null ||
      (engagement.leftAt !== null && window.engagement === engagement.id),
  );
  const gone = new Set(ended.map(({ id }) => id));
  return [
    ...ended.map(({ id }): Event => ({ act: 'early-access.window-ended', window: id, at: now })),
    ...access.grants.flatMap((grant): Event[] =>
      gone.has(grant.window) && grant.revokedAt === null
        ? [{ act: 'early-access.revoked', grant: grant.id, at: now }]
        : [],
    ),
    ...shortenAll(
      { ...access, windows: access.windows.filter(({ id }) => !gone.has(id)) },
      ended.map((window) => spanOf({ ...window, endedAt: now }, access.grants)),
      { engagement, now },
    ),
  ];
}

/** Whatever stands longer than the developer's date and thirty days together let it. */
function shortenAll(
  { windows, grants }: Access,
  spent: readonly Span[],
  { engagement, now }: Pick<Facts, 'engagement' | 'now'>,
): readonly Event[] {
  const zones = [...new Set([engagement.zone, ...windows.map(({ zone }) => zone)])];
  const standing = windows.filter((window) => !isOver(window, now));
  const over = windows.filter((window) => isOver(window, now));
  const gone = over.map((window) => spanOf(window, grants));
  const used = [
    ...spent,
    ...gone,
    ...standing.map((window) => spanOf({ ...window, endedAt: now }, grants)),
  ];
  // What is over by the clock alone would stand again if the clock were set back: two models that
  // turned out to be one may have used more than thirty days by then.
  const isTooMuch = zones.some((zone) => usedDays(zone, gone).length > daysMax);
  const shut = isTooMuch ? over.filter(({ endedAt }) => endedAt === null) : [];
  const inOrder = standing.toSorted((a, b) => (a.begins < b.begins ? -1 : 1));
  const shortened = inOrder.flatMap((window): Event[] => {
    const start = later(window.begins, now);
    const cap = latestEndInAll({ zones, start, used, cap: daysMax }) ?? start;
    const date = window.engagement === engagement.id ? engagement.plannedPartnerRelease : null;
    const latest = date === null ? cap : earlier(date, cap);
    used.push({ from: start, until: later(earlier(latest, window.ends), start) });
    return latest < window.ends ? [endingBy(window, latest, now)] : [];
  });
  return [...shut.map((window) => endingBy(window, now, now)), ...shortened];
}

/** Ends a window at an instant before its end: at once, where that has passed. */
function endingBy(window: Window, at: Window['ends'], now: Facts['now']): Event {
  if (at <= now && window.begins <= now) {
    return { act: 'early-access.window-ended', window: window.id, at: now };
  }
  return {
    act: 'early-access.window-shortened',
    window: window.id,
    ends: later(at, window.begins),
  };
}

function earliest(
  each: readonly (readonly [Window['ends'] | null, EndsBecause])[],
): readonly [Window['ends'], EndsBecause] {
  const known = each.flatMap(([at, because]) => (at === null ? [] : [{ at, because }]));
  const first = known.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0];
  if (first === undefined) throw new Error('expected an end of a window');
  return [first.at, first.because];
}
