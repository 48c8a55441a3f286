import { protections, type TermsKind } from '@breakwater/contract';
import { type Id, type Instant, makeId } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { statutesAt } from './before/statutes.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import type { Command, Engagement, Facts } from './model.ts';
import { owedBefore } from './owed.ts';
import { inForce, proposed, protectionsOf, supersededAt } from './terms/standing.ts';

const id = <K extends Parameters<typeof makeId>[0]>(kind: K, n = 0): Id<K> =>
  // What makeId gives for this kind.
  makeId(kind, new Uint8Array(26).fill(n)) as Id<K>;
const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour)).toISOString() as Instant; // as kernel
const lab = id('party', 1);
const government = id('party', 2);
const digest = (n: number) => `sha256:${n.toString(16).padStart(64, '0')}`;

const opening: Command = {
  act: 'open',
  engagement: id('engagement'),
  model: id('model', 1),
  developer: lab,
  government,
  wants: 'both',
  zone: 'UTC',
  openWeight: false,
  dates: null,
  seers: [],
};

/** A command, of which side, and at which hour. */
type Step = readonly [Command, Facts['side'], number?];

/** What stands after these commands, or the code of the first that is refused. */
function after(...steps: readonly Step[]): Engagement | string {
  let engagement: Engagement | null = null;
  const opened: Step = [opening, 'developer'];
  for (const [command, side, hour = 1] of [opened, ...steps]) {
    const decided = decide(engagement, command, { now: at(hour), side });
    if (!decided.ok) return decided.refusal.code;
    for (const event of decided.value) engagement = evolve(engagement, event);
  }
  return engagement ?? expect.fail('nothing was opened');
}

function standing(...steps: readonly Step[]): Engagement {
  const engagement = after(...steps);
  return typeof engagement === 'string' ? expect.fail(engagement) : engagement;
}

const leave: Command = { act: 'leave' };
const release: Command = { act: 'release' };
const dates = (partners: Instant | null): Command => ({
  act: 'state-dates',
  partners,
  general: null,
});
const propose = (n: number, kind: TermsKind = 'use'): Command => ({
  act: 'propose-terms',
  terms: id('terms', n),
  kind,
  digest: digest(n),
});
const sign = (n: number, of = n): Command => ({
  act: 'sign-terms',
  terms: id('terms', n),
  digest: digest(of),
});

test('ENG-3 the Government sees at least detail, and the developer stands beside the list', () => {
  const share = (seers: Engagement['seers']) =>
    standing([{ act: 'alter-sharing', seers }, 'developer']).seers;
  expect(share([])).toEqual([{ party: government, level: 'detail' }]);
  expect(share([{ party: government, level: 'summary' }])).toEqual([
    { party: government, level: 'detail' },
  ]);
  expect(
    share([
      { party: government, level: 'all' },
      { party: lab, level: 'summary' },
    ]),
  ).toEqual([{ party: government, level: 'all' }]);
});

test('ENG-4 the newest statement of dates counts, and any is taken', () => {
  expect(standing([dates(at(9)), 'developer'], [dates(at(0)), 'developer', 2]).dates).toEqual({
    partners: at(0),
    general: null,
    statedAt: at(2),
  });
  expect(after([dates(null), 'government'])).toBe('developer-alone');
});

test('ENG-5 what is stated of a model moves every engagement on it, and no other', () => {
  const same: Command = { act: 'state-model', sameAs: id('model', 2), openWeight: false };
  const [event] = (() => {
    const decided = decide(standing(), same, { now: at(2), side: 'developer' });
    return decided.ok ? decided.value : expect.fail(decided.refusal.code);
  })();
  if (event === undefined) expect.fail('expected an event');
  const other = { ...standing(), id: id('engagement', 9) };
  expect(evolve(other, event)?.model).toBe(id('model', 2));
  expect(evolve({ ...other, model: id('model', 3) }, event)?.model).toBe(id('model', 3));
});

describe('ENG-8 leaving and releasing', () => {
  test.each([
    ['once', [[leave, 'developer']], 'ok'],
    [
      'twice',
      [
        [leave, 'developer'],
        [leave, 'developer'],
      ],
      'already-left',
    ],
    [
      'a release after it',
      [
        [leave, 'developer'],
        [release, 'developer'],
      ],
      'ok',
    ],
    [
      'after a release',
      [
        [release, 'developer'],
        [leave, 'developer'],
      ],
      'ok',
    ],
    [
      'a second release',
      [
        [release, 'developer'],
        [release, 'developer'],
      ],
      'already-released',
    ],
    ['by the Government', [[leave, 'government']], 'developer-alone'],
    ['a release by nobody of it', [[release, null]], 'developer-alone'],
    [
      'and then terms',
      [
        [leave, 'developer'],
        [propose(1), 'government'],
      ],
      'engagement-left',
    ],
    [
      'and then dates',
      [
        [leave, 'developer'],
        [dates(null), 'developer'],
      ],
      'engagement-left',
    ],
  ] as const)('%s', (_, steps, expected) => {
    const done = after(...steps);
    expect(typeof done === 'string' ? done : 'ok').toBe(expected);
  });

  const step = fc.tuple(
    fc.oneof(
      fc.constant(dates(at(5))),
      fc.integer({ min: 1, max: 6 }).map((n) => propose(n)),
      fc.integer({ min: 1, max: 6 }).map((n) => sign(n)),
      fc.constant<Command>({ act: 'alter-sharing', seers: [] }),
      fc.constant(leave),
      fc.constant(release),
    ),
    fc.constantFrom('developer', 'government', null),
  );
  test('after any acts, each is done at once or was done before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let engagement = standing();
        for (const [command, side] of steps) {
          const decided = decide(engagement, command, { now: at(3), side });
          if (!decided.ok) continue;
          for (const event of decided.value) engagement = evolve(engagement, event) ?? engagement;
        }
        for (const command of [leave, release]) {
          const decided = decide(engagement, command, { now: at(4), side: 'developer' });
          const done = command.act === 'leave' ? engagement.leftAt : engagement.releasedAt;
          expect(decided.ok).toBe(done === null);
        }
      }),
    );
  });
});

describe('ENG-9 ENG-10 terms', () => {
  const both = (n: number, hour: number) =>
    [
      [sign(n), 'developer', hour],
      [sign(n), 'government', hour + 1],
    ] as const;

  test('a version is in force once both signed it, until both signed a later one', () => {
    const first = [[propose(1), 'government', 2], ...both(1, 3)] as const;
    const one = standing(...first);
    expect(inForce(one, 'use')?.id).toBe(id('terms', 1));
    const half = standing(...first, [propose(2), 'developer', 5], [sign(2), 'developer', 6]);
    expect([inForce(half, 'use')?.id, proposed(half, 'use')?.id]).toEqual([
      id('terms', 1),
      id('terms', 2),
    ]);
    const later = standing(...first, [propose(2), 'developer', 5], ...both(2, 6));
    expect([inForce(later, 'use')?.id, proposed(later, 'use')]).toEqual([id('terms', 2), null]);
    const [old] = later.terms;
    expect(old === undefined ? null : supersededAt(later, old)).toBe(at(7));
  });

  test.each([
    ['a side signs once', [propose(1), sign(1), sign(1)], 'already-signed'],
    ['the newest alone', [propose(1), propose(2), sign(1)], 'terms-superseded'],
    ['what was read', [propose(1), sign(1, 2)], 'digest-differs'],
    ['a version of this engagement', [sign(1)], 'no-such-version'],
    [
      'another text than before',
      [propose(1), { ...propose(1), terms: id('terms', 2) }],
      'same-text',
    ],
  ] as const)('%s', (_, commands, expected) => {
    expect(after(...commands.map((each): Step => [each, 'developer']))).toBe(expected);
  });

  test('nobody of neither side proposes or signs', () => {
    expect(after([propose(1), null])).toBe('neither-side');
    expect(after([propose(1), 'developer'], [sign(1), null])).toBe('neither-side');
  });

  test('all six protections are told, those without terms as none', () => {
    const one = standing([propose(1), 'government', 2], ...both(1, 3));
    expect(protectionsOf(one)).toEqual({
      ...Object.fromEntries(protections.map((kind) => [kind, null])),
      use: id('terms', 1),
    });
  });
});

test('ENG-11 nothing is owed before access once it ended', () => {
  expect(owedBefore(standing()).length).toBeGreaterThan(0);
  for (const end of [leave, release]) expect(owedBefore(standing([end, 'developer']))).toEqual([]);
});

test('ENG-13 a statute is in force until the end of its last day at Washington', () => {
  const inForceAt = (now: string) =>
    statutesAt(now as Instant).find((each) => each.id === 'cisa-2015')?.inForce; // as kernel
  expect(inForceAt('2026-12-12T04:59:59.999Z')).toBe(true);
  expect(inForceAt('2026-12-12T05:00:00.000Z')).toBe(false);
});
