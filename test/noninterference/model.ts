import { identityKeys } from '@breakwater/correlation';
import { type Id, type Instant, type Json, tlpLabels } from '@breakwater/kernel';
import {
  type Grant,
  principalsOf,
  visible,
} from '../../apps/server/src/platform/commands/audience.ts';
import type { Actor, Event } from '../../apps/server/src/platform/commands/commands.ts';
import {
  caseAudience,
  findingAudience,
} from '../../apps/server/src/slices/clearinghouse/coordinate/audience.ts';
import {
  advance,
  decideEndEmbargo,
  decideInvite,
  decideSetEmbargo,
  type RoomState,
} from '../../apps/server/src/slices/clearinghouse/coordinate/decide.ts';
import { openPace } from '../../apps/server/src/slices/clearinghouse/coordinate/owner/pace.ts';
import {
  type CaseState,
  decideMerge,
  decidePlace,
  decideSplit,
  type FindingId,
  type Member,
} from '../../apps/server/src/slices/clearinghouse/correlate/decide.ts';
import type { Side, Step } from './history.ts';

/** The shipped functions that decide who learns what; a test may put a faulty one in their place. */
export const shipped = {
  caseAudience,
  findingAudience,
  visible,
  principalsOf,
  decidePlace,
  decideInvite,
  /** Which of the cases at hand share evidence with an arrival. */
  matches: (keys: readonly string[], held: ReadonlySet<string>) => keys.filter((k) => held.has(k)),
};
export type Rules = typeof shipped;

interface Case {
  room: RoomState;
  openedAt: Instant;
  members: Member[];
  readonly keys: Set<string>;
  title: string;
}

/** A small world in memory, of which only what the rules above decide is real. */
export interface Model {
  readonly rules: Rules;
  readonly cases: Map<string, Case>;
  readonly audiences: Map<string, readonly Grant[]>;
  /** What each side made, in the order in which it was made. */
  readonly made: Readonly<Record<Side, string[]>>;
  hour: number;
}

export function newModel(rules: Rules): Model {
  return {
    rules,
    cases: new Map(),
    audiences: new Map(),
    made: { outside: [], hidden: [] },
    hour: 0,
  };
}

type Crew = 'finder' | 'owner' | 'operator';

/** Ids are spelled by hand: only compared, never parsed. */
const party = (side: Side, who: Crew) => `party_${side}_${who}` as Id<'party'>;
const caseIdOf = (side: Side, n: number) => `case_${side}_${n}` as Id<'case'>;
const findingIdOf = (side: Side, n: number) => `finding_${side}_${n}` as FindingId;
const contentId = 'content_x' as Id<'content'>;
const decision = 'decision_x' as Id<'decision'>;

/** Everybody who looks from outside. */
export const outsiders: readonly (Actor | null)[] = [
  { id: party('outside', 'finder'), role: 'finder', principals: [] },
  { id: party('outside', 'owner'), role: 'owner', principals: [] },
  { id: party('outside', 'operator'), role: 'operator', principals: [] },
  null,
];

/** Carries out a step; answers with what whoever asked was told. */
export function step(model: Model, { side, act, pick }: Step): string {
  model.hour += 1;
  const mine = model.made[side];
  const about = model.cases.get(mine[pick % Math.max(1, mine.length)] ?? '');
  if (act === 'submit' || act === 'submit-with-proof') return submit(model, side, pick);
  if (about === undefined) return '';
  if (act === 'invite-owner') return told(model, about, invite(model, side, about, pick));
  if (act === 'set-embargo') return told(model, about, embargo(model, about.room));
  if (act === 'end-embargo') return told(model, about, decideEndEmbargo(about.room, contentId));
  if (act === 'merge') return merge(model, side, about);
  if (act === 'split') return split(model, side, about);
  if (act === 'propose-patch') {
    about.room = { ...about.room, stage: advance(about.room.stage, 'patch-proposed') };
  }
  // Said, proposed or reported: nothing of it changes who sees the case.
  return '';
}

/** Everything an outsider can read of the world: each subject it sees, in the order of a list. */
export function observe(model: Model, reader: Actor | null): string {
  const { visible: see, principalsOf: readsAs } = model.rules;
  const principals = readsAs(reader);
  const seen: string[] = [];
  for (const [id, audience] of model.audiences) {
    const level = see(audience, principals);
    if (level === 0) continue;
    const found = model.cases.get(id);
    seen.push(
      found === undefined
        ? `${id} ${level}`
        : `${id} ${level} ${found.room.stage} ${JSON.stringify(found.room.embargo)} ${found.room.mergedInto} ${found.title}`,
    );
  }
  return seen.join('\n');
}

/** The hour as an instant; equal on both worlds, since left-out steps take their time too. */
function now(model: Model): Instant {
  return new Date(1_772_000_000_000 + model.hour * 1_000).toISOString() as Instant; // as kernel
}

function submit(model: Model, side: Side, pick: number): string {
  const { rules, cases } = model;
  const finding = findingIdOf(side, pick);
  const reporter = party(side, 'finder');
  const name = `pkg:npm/p${pick % 3}`;
  const keys = identityKeys({
    package: name,
    identifiers: pick % 2 === 0 ? [`CVE-2026-${side === 'hidden' ? 5 : 4}00${pick % 5}`] : [],
    weakness: 'CWE-787',
    location: { path: `src/${side}-${pick % 4}.js`, function: 'f' },
  }).map((key) => JSON.stringify(key));
  const candidates = [...cases.values()]
    .filter((c) => c.room.mergedInto === null)
    .map((c) => ({
      case: c.room.id,
      openedAt: c.openedAt,
      evidence: rules.matches(keys, c.keys),
      members: c.members,
    }))
    .filter((c) => c.evidence.length > 0);
  const arrival = {
    finding,
    reporter,
    title: contentId,
    package: name,
    version: '1.0.0',
    recipe: null,
  };
  const placed = rules.decidePlace(arrival, candidates, caseIdOf(side, model.hour));
  const joined = cases.get(placed.case);
  if (joined === undefined) {
    const room: RoomState = {
      id: placed.case,
      stage: 'received',
      mergedInto: null,
      embargo: { state: 'open' },
      revision: 0,
      participants: [],
    };
    cases.set(placed.case, {
      room,
      openedAt: now(model),
      members: [{ finding, reporter }],
      keys: new Set(keys),
      title: `${side} ${pick}`,
    });
    model.made[side].push(placed.case);
  } else {
    joined.members.push({ finding, reporter });
    for (const key of keys) joined.keys.add(key);
  }
  refresh(model, placed.case);
  return `${placed.opened} ${placed.case} ${placed.evidence.join()}`;
}

function invite(model: Model, side: Side, about: Case, pick: number) {
  return model.rules.decideInvite(
    about.room,
    { party: party(side, 'owner'), answers: true },
    {
      reason: pick % 2 === 0 ? contentId : null,
      reproduced: pick % 3 === 0,
      now: now(model),
      urgent: false,
      exploited: false,
      pace: openPace,
      handedOver: 0,
      waiting: [],
    },
  );
}

function embargo(model: Model, room: RoomState) {
  const endsAt = new Date(Date.parse(now(model)) + 3_600_000).toISOString() as Instant; // as above
  return decideSetEmbargo(room, { endsAt, zone: 'UTC', zoneKnown: true }, now(model));
}

type Decided =
  | { readonly ok: true; readonly value: Event }
  | { readonly ok: false; readonly refusal: { readonly code: string; readonly got: string } };

/** Applies what was decided about a room, and says it as its asker hears it. */
function told(model: Model, about: Case, decided: Decided): string {
  if (!decided.ok) return `${decided.refusal.code} ${decided.refusal.got}`;
  const { act, data } = decided.value;
  const { room } = about;
  if (act === 'coordinate.owner-invited') {
    const owner = { party: textOf(data['party']), role: 'owner' as const };
    about.room = {
      ...room,
      stage: advance(room.stage, 'with-owner'),
      participants: [...room.participants, owner],
    };
  }
  if (act === 'coordinate.embargo-set') {
    const endsAt = textOf(data['endsAt']) as Instant; // decided above
    about.room = { ...room, embargo: { state: 'until', endsAt, zone: 'UTC' } };
  }
  if (act === 'coordinate.embargo-ended') {
    about.room = { ...room, embargo: { state: 'ended', endedAt: now(model), because: 'public' } };
  }
  refresh(model, room.id);
  return act;
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('expected a text in what was decided');
  return value;
}

function merge(model: Model, side: Side, about: Case): string {
  const into = model.made[side].map((id) => model.cases.get(id)).find((c) => c !== about);
  if (into === undefined) return '';
  const decided = decideMerge(stateOf(about), stateOf(into), { decision, reason: contentId });
  if (!decided.ok) return decided.refusal.code;
  into.members.push(...about.members);
  about.members = [];
  for (const key of about.keys) into.keys.add(key);
  about.room = { ...about.room, mergedInto: into.room.id };
  refresh(model, about.room.id);
  refresh(model, into.room.id);
  return 'merged';
}

function split(model: Model, side: Side, about: Case): string {
  const [first] = about.members;
  if (first === undefined) return '';
  const opening = {
    title: contentId,
    package: 'p',
    version: '1',
    recipe: null,
    reproduced: false,
  };
  const newCase = caseIdOf(side, model.hour);
  const decided = decideSplit(stateOf(about), [first.finding], {
    decision,
    reason: contentId,
    newCase,
    leaving: opening,
    staying: opening,
  });
  if (!decided.ok) return decided.refusal.code;
  about.members = about.members.filter((m) => m.finding !== first.finding);
  model.cases.set(newCase, {
    room: { ...about.room, id: newCase, participants: [] },
    openedAt: now(model),
    members: [first],
    keys: new Set(),
    title: `${about.title} split`,
  });
  model.made[side].push(newCase);
  refresh(model, about.room.id);
  refresh(model, newCase);
  return 'split';
}

function stateOf(about: Case): CaseState {
  const { room, members } = about;
  return { id: room.id, mergedInto: room.mergedInto, published: false, members };
}

/** Writes the audiences anew, as the slices do after each decision. */
function refresh(model: Model, id: string): void {
  const found = model.cases.get(id);
  if (found === undefined) return;
  const owners = found.room.participants.filter((p) => p.role === 'owner');
  const finders = [...new Set(found.members.map((m) => m.reporter))].map((reporter) => ({
    party: reporter,
    role: 'finder' as const,
  }));
  const participants = [...owners, ...finders];
  found.room = { ...found.room, participants };
  model.audiences.set(id, model.rules.caseAudience(participants));
  const embargo = found.room.embargo.state;
  for (const [n, { finding, reporter }] of found.members.entries()) {
    // Every marking in turn: none of them may show anything to whoever takes no part.
    const marking = tlpLabels[n % tlpLabels.length] ?? 'RED';
    const marked = { reporter, marking, embargo };
    model.audiences.set(finding, model.rules.findingAudience(marked, participants));
  }
}
