import {
  type ConsultedOffice,
  consultedOffices,
  determinationOutcomes,
  type Protection,
  protections,
  type Side,
} from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Command as DesignateCommand } from '../../apps/server/src/slices/frontier/designate/model.ts';
import type { By, Command } from '../../apps/server/src/slices/frontier/early-access/model.ts';
import type { Command as EngageCommand } from '../../apps/server/src/slices/frontier/engage/model.ts';
import { bundleCommands, fileCommands, rule, runs } from './file-acts.ts';
import { moments } from './moments.ts';
import { type Act, factsOf, idOf, type Single, type State } from './system.ts';

/** Days begin 18 or 19 hours apart. */
const zones = ['America/New_York', 'Pacific/Kiritimati'] as const;
const [first, second] = [idOf('engagement', 1), idOf('engagement', 2)] as const;
export const engagementIds = [first, second] as const;
const [developer, government] = [idOf('party', 1), idOf('party', 2)] as const;
export const persons = ['ann', 'bob'] as const;
const [windowsMax, grantsMax, versionsMax, usesMax] = [3, 3, 2, 2];

/** Everything that anybody may try in a state, whether it will be refused or not. */
export function acts(state: State): readonly Act[] {
  const each = [...clockActs(), ...engagementIds.flatMap((id) => engageActs(state, id))];
  for (const { id } of state.engagements) {
    each.push(...windowActs(state, id), ...matterActs(state, id));
  }
  for (const grant of state.access.grants) each.push(...grantActs(state, grant.id));
  return each;
}

/** The same, and everything else that may be tried in files. */
export function actsInFiles(state: State): readonly Act[] {
  const inFiles = state.engagements.flatMap(({ id }, index) => {
    const { files = [], determinations = [] } = state.matters[index] ?? {};
    const next = {
      file: fileOf(id, files.length + 1),
      determination: determinationOf(id, determinations.length + 1),
    };
    const carried = determinations.length < 3 ? bundleCommands(next) : [];
    return [...files.flatMap(fileCommands), ...carried].map((each) => designate(id, false, each));
  });
  return [...acts(state), ...inFiles];
}

function clockActs(): Act[] {
  return moments.map((to) => ({ name: `clock to ${to}`, does: [{ slice: 'clock', to }] }));
}

/** Opening, for a developer in either zone: of another model, or the same under another codename. */
export function open(id: Id<'engagement'>, model: number, partners: Instant | null): Act {
  const zone = id === first ? zones[0] : zones[1];
  const command: EngageCommand = {
    act: 'open',
    engagement: id,
    model: idOf('model', model),
    developer,
    government,
    wants: 'both',
    zone,
    openWeight: false,
    dates: partners === null ? null : { partners, general: null },
    seers: [],
  };
  return engage(id, 'developer', command);
}

function engageActs(state: State, id: Id<'engagement'>): Act[] {
  const engagement = state.engagements.find((each) => each.id === id);
  if (engagement === undefined) {
    if (id === second && state.engagements.length === 0) return [];
    return id === first ? [open(id, 1, null)] : [open(id, 1, null), open(id, 2, moments[3])];
  }
  const stated = [null, moments[1], moments[3]].map((partners) =>
    engage(id, 'developer', { act: 'state-dates', partners, general: null }),
  );
  const same: EngageCommand = { act: 'state-model', sameAs: idOf('model', 1), openWeight: false };
  return [
    ...stated,
    engage(id, 'developer', same),
    ...sides.flatMap((side) => [
      engage(id, side, { act: 'leave' }),
      engage(id, side, { act: 'release' }),
    ]),
    fiveTerms(id),
    ...useTerms(state, id),
  ];
}

const sides: readonly (Side | null)[] = ['developer', 'government', null];

/** Terms of five of the protections, proposed and signed by both. */
export function fiveTerms(id: Id<'engagement'>): Act {
  const does = five.flatMap((kind, index) => signed(id, kind, index));
  return { name: `${id}: five terms`, does };
}

/** The terms of the last of the protections, in the next version. */
export function sixthTerms(id: Id<'engagement'>, version: number): Act {
  return { name: `${id}: sixth terms`, does: signed(id, sixth, 10 + version) };
}

const sixth: Protection = 'nondisclosure';
const five = protections.filter((each) => each !== sixth);

function signed(id: Id<'engagement'>, kind: Protection, n: number): Single[] {
  const terms = termsOf(id, n);
  const digest = digestOf(n);
  return [
    { act: 'propose-terms', terms, kind, digest } as const,
    { act: 'sign-terms', terms, digest } as const,
  ].flatMap((command): Single[] => [
    { slice: 'engage', engagement: id, side: 'government', command },
    ...(command.act === 'sign-terms'
      ? [{ slice: 'engage' as const, engagement: id, side: 'developer' as const, command }]
      : []),
  ]);
}

function termsOf(id: Id<'engagement'>, n: number): Id<'terms'> {
  return idOf('terms', (id === first ? 0 : 16) + n);
}

const digestOf = (n: number): string => `sha256:${n}`;

/** The sixth protection goes step by step, in two versions, by each side. */
function useTerms(state: State, id: Id<'engagement'>): Act[] {
  const terms = state.engagements.find((each) => each.id === id)?.terms ?? [];
  const versions = terms.filter(({ kind }) => kind === sixth);
  const next = versions.length + 1;
  const proposed: EngageCommand = {
    act: 'propose-terms',
    terms: termsOf(id, 10 + next),
    kind: sixth,
    digest: digestOf(next),
  };
  const both = (['developer', 'government'] as const).flatMap((side) =>
    versions.map(({ id: version, digest }) =>
      engage(id, side, { act: 'sign-terms', terms: version, digest }),
    ),
  );
  return next > versionsMax ? both : [engage(id, 'government', proposed), ...both];
}

function windowActs(state: State, id: Id<'engagement'>): Act[] {
  const plan = idOf('plan', id === first ? 1 : 2);
  const by = (as: 'developer' | 'government', command: Command) => access(id, { as }, command);
  const each: Act[] = [];
  if (!state.access.plans.some((standing) => standing.id === plan)) each.push(statePlan(id));
  const window = idOf('window', state.access.windows.length + 1);
  if (state.access.windows.length < windowsMax) {
    for (const begins of [moments[0], moments[2]]) {
      for (const ends of [null, begins, moments[3]]) {
        each.push(by('developer', { act: 'open-window', window, plan, begins, ends }));
      }
    }
    const begins = moments[0];
    each.push(by('government', { act: 'open-window', window, plan, begins, ends: null }));
  }
  if (state.access.windows.length < windowsMax && state.access.grants.length < grantsMax) {
    each.push(letIn(state, id, window));
  }
  for (const { id: window, ends } of state.access.windows) {
    for (const to of [moments[1], moments[2], moments[4]]) {
      each.push(by('developer', { act: 'shorten', window, ends: to }));
    }
    each.push(by('government', { act: 'shorten', window, ends: moments[1] }));
    each.push(by('government', { act: 'shorten', window, ends }));
    for (const as of ['developer', 'government'] as const)
      each.push(by(as, { act: 'end', window }));
    if (state.access.grants.length >= grantsMax) continue;
    const grant = idOf('grant', state.access.grants.length + 1);
    for (const person of persons) each.push(addPerson(id, { window, grant, person }));
  }
  return each;
}

export function statePlan(id: Id<'engagement'>): Act {
  const plan = idOf('plan', id === first ? 1 : 2);
  const stated = { id: plan, engagement: id, personsMax: 2, returnWithinDays: 7 };
  return access(id, { as: 'government' }, { act: 'state-plan', plan: stated });
}

export function openWindow(
  id: Id<'engagement'>,
  n: number,
  { begins = moments[0], ends = null }: { begins?: Instant; ends?: Instant | null },
): Act {
  const plan = idOf('plan', id === first ? 1 : 2);
  const window = idOf('window', n);
  return access(id, { as: 'developer' }, { act: 'open-window', window, plan, begins, ends });
}

export function addPerson(
  id: Id<'engagement'>,
  { window, grant, person }: { window: string; grant: string; person: string },
): Act {
  const command = { act: 'add-person', grant, window, member: person, person } as const;
  return access(id, { as: 'government' }, command);
}

function grantActs(state: State, grant: string): Act[] {
  const { window, person } = found(state.access.grants, grant);
  const { engagement: of } = found(state.access.windows, window);
  const id = engagementIds.find((each) => each === of) ?? first;
  const terms = state.engagements.find((each) => each.id === id)?.terms ?? [];
  const each: Act[] = [];
  for (const member of persons) {
    const by = { as: 'person', member } as const;
    if (state.uses.length < usesMax) each.push(access(id, by, { act: 'use', grant }));
    each.push(access(id, by, { act: 'record-export', grant }));
    each.push(access(id, by, { act: 'revoke', grant }));
    each.push(access(id, by, { act: 'attest-return', grant, how: 'destroyed' }));
    for (const { id: version, kind } of terms) {
      if (kind !== sixth) continue;
      const command = {
        act: 'accept-protection',
        grant,
        protection: sixth,
        terms: version,
      } as const;
      each.push(access(id, by, command));
    }
  }
  each.push(acceptFive(state, id, { grant, person }));
  for (const as of ['developer', 'government', 'engagement'] as const) {
    each.push(access(id, { as }, { act: 'revoke', grant }));
    each.push(access(id, { as }, { act: 'use', grant }));
  }
  return each;
}

/** Whatever stands of five of the protections, accepted by the person. */
export function acceptFive(
  state: State,
  id: Id<'engagement'>,
  { grant, person }: { grant: string; person: string },
): Act {
  const engagement = found(state.engagements, id);
  const terms = factsOf(state, engagement).terms;
  const does = five.map((protection): Single => {
    const command = {
      act: 'accept-protection',
      grant,
      protection,
      terms: terms[protection] ?? '',
    } as const;
    return { slice: 'early-access', engagement: id, by: { as: 'person', member: person }, command };
  });
  return { name: `${person} accepts five for ${grant}`, does };
}

/** A window, a person in it, and all that stands accepted by that person, in one go. */
function letIn(state: State, id: Id<'engagement'>, window: string): Act {
  const grant = idOf('grant', state.access.grants.length + 1);
  const inside = { window, grant, person: persons[0] };
  const n = state.access.windows.length + 1;
  const terms = factsOf(state, found(state.engagements, id)).terms[sixth] ?? '';
  const by = { as: 'person', member: inside.person } as const;
  const command = { act: 'accept-protection', grant, protection: sixth, terms } as const;
  const does = [
    openWindow(id, n, {}),
    addPerson(id, inside),
    acceptFive(state, id, inside),
    access(id, by, command),
  ].flatMap((act) => act.does);
  return { name: `let in by ${window}`, does };
}

export function acceptSixth(
  id: Id<'engagement'>,
  { grant, person, version }: { grant: string; person: string; version: number },
): Act {
  return access(
    id,
    { as: 'person', member: person },
    { act: 'accept-protection', grant, protection: sixth, terms: termsOf(id, 10 + version) },
  );
}

export function openFile(id: Id<'engagement'>, rule: Id<'rule'> | null = null): Act {
  return designate(id, false, { act: 'open-file', file: fileOf(id, 1), rule });
}

/** Attaches the first run that a rule judges. */
export function attachFirst(id: Id<'engagement'>): Act {
  const [run] = runs;
  if (run === undefined) throw new Error('expected a run');
  return designate(id, false, { act: 'attach-run', file: fileOf(id, 1), run, rule });
}

export function consultation(
  id: Id<'engagement'>,
  { n, office }: { n: number; office: ConsultedOffice },
): Act {
  const said = { date: '2026-10-12', reference: 'A-1' };
  const recorded = { consultation: idOf('consultation', n), office, ...said };
  return designate(id, false, { act: 'record-consultation', file: fileOf(id, 1), ...recorded });
}

function determinationOf(id: Id<'engagement'>, n: number): Id<'determination'> {
  return idOf('determination', (id === first ? 0 : 8) + n);
}

function fileOf(id: Id<'engagement'>, n: number): Id<'file'> {
  return idOf('file', (id === first ? 0 : 8) + n);
}

/** The official, and somebody who is not, on the file of an engagement. */
function matterActs(state: State, id: Id<'engagement'>): Act[] {
  const { files = [], determinations = [] } =
    state.matters[state.engagements.findIndex((each) => each.id === id)] ?? {};
  const by = (official: boolean, command: DesignateCommand) => designate(id, official, command);
  const offset = id === first ? 0 : 8;
  const each: Act[] = [];
  const former = determinations.at(-1)?.id;
  if (files.length < 2) {
    const file = fileOf(id, files.length + 1);
    each.push(by(false, { act: 'open-file', file, rule: null }));
    if (former !== undefined) {
      each.push(by(false, { act: 're-examine', file, rule: null, former }));
    }
  }
  for (const { id: file } of files) {
    for (const [index, office] of consultedOffices.entries()) {
      const consultation = idOf('consultation', offset + index + 1);
      const said = { file, consultation, office, date: '2026-10-12', reference: 'A-1' } as const;
      each.push(by(false, { act: 'record-consultation', ...said }));
    }
    const determination = determinationOf(id, determinations.length + 1);
    const dated = { file, determination, reference: 'A-2' };
    for (const outcome of determinationOutcomes) {
      for (const official of [true, false]) {
        const date = '2026-10-12';
        each.push(by(official, { act: 'enter-determination', ...dated, outcome, date }));
      }
    }
    const early = { ...dated, outcome: 'covered', date: '2026-10-11' } as const;
    each.push(by(true, { act: 'enter-determination', ...early }));
  }
  return each;
}

function designate(id: Id<'engagement'>, official: boolean, command: DesignateCommand): Act {
  const name = `${official ? 'the official' : 'a liaison'}: ${told(command)} in ${id}`;
  return { name, does: [{ slice: 'designate', engagement: id, official, command }] };
}

function engage(id: Id<'engagement'>, side: Side | null, command: EngageCommand): Act {
  const name = `${side ?? 'somebody'}: ${told(command)} in ${id}`;
  return { name, does: [{ slice: 'engage', engagement: id, side, command }] };
}

function access(id: Id<'engagement'>, by: By, command: Command): Act {
  const who = by.as === 'person' ? by.member : by.as;
  const name = `${who}: ${told(command)} in ${id}`;
  return { name, does: [{ slice: 'early-access', engagement: id, by, command }] };
}

function told({ act, ...rest }: { readonly act: string }): string {
  return `${act} ${JSON.stringify(rest)}`;
}

function found<T extends { readonly id: string }>(all: readonly T[], id: string): T {
  const one = all.find((each) => each.id === id);
  if (one === undefined) throw new Error(`expected ${id}`);
  return one;
}
