import { addMilliseconds } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { wordsOfPermission } from '../../tools/words-of-permission.ts';
import { acts, actsInFiles } from './acts.ts';
import { type Beginning, beginnings } from './beginnings.ts';
import { fileInvariants } from './file-invariants.ts';
import { fileMutants } from './file-mutants.ts';
import { invariants } from './invariants.ts';
import { moments } from './moments.ts';
import { type Explored, explore } from './search.ts';
import { type Act, type Cores, keyOf, perform, type State, shipped } from './system.ts';

/** Acts from each beginning; one more in the long form. */
const depths: Readonly<Record<Beginning, number>> = {
  nothing: 5,
  'two persons inside': 3,
  'the same model under another codename': 2,
  'two models that are one': 2,
  'a window after another': 3,
  'a file with two consultations': 3,
  'a file with a run': 3,
};
/** From these everything is tried that may be done in files; from the others in the long form. */
const inFiles: ReadonlySet<Beginning> = new Set([
  'a file with two consultations',
  'a file with a run',
]);
const deeper = process.env['BREAKWATER_LONG'] === '1' ? 1 : 0;

/** Everything that was said on the way: acts, refusals, states. */
const said = new Set<string>();

function exploreFrom(
  beginning: Beginning,
  cores: Cores,
  { depth, until = null }: { depth: number; until?: string | null },
): Explored<Act> {
  return explore(
    {
      beginnings: [beginnings[beginning]],
      acts: inFiles.has(beginning) || deeper > 0 ? actsInFiles : acts,
      step: (state, act) => perform(cores, state, act),
      key: keyOf,
      invariants: [...invariants(cores), ...fileInvariants],
    },
    depth,
    until,
  );
}

/** As shipped, and what they say is kept. */
const listening: Cores = {
  engage: (...given) => heard(shipped.engage(...given)),
  access: (...given) => heard(shipped.access(...given)),
  designate: (...given) => heard(shipped.designate(...given)),
};

function heard<D extends ReturnType<Cores[keyof Cores]>>(decided: D): D {
  if (decided.ok) for (const event of decided.value) said.add(Object.entries(event).join(' '));
  else said.add(Object.values(decided.refusal).join(' '));
  return decided;
}

test.each(Object.entries(depths).map(([name, depth]) => [name as Beginning, depth] as const))(
  // its own keys
  'from %s, whatever anybody does, the developer is free and no window grows',
  { timeout: 600_000 },
  (beginning, depth) => {
    const { faults, ...counts } = exploreFrom(beginning, listening, { depth: depth + deeper });
    console.log(`from ${beginning}: ${JSON.stringify(counts)}`);
    expect(faults.map(tell)).toEqual([]);
    expect(counts.transitions).toBeGreaterThan(1_000);
  },
);

test('no word that was said on the way means that somebody lets it happen', () => {
  expect(said.size).toBeGreaterThan(50);
  const words = [...said].flatMap((text) => wordsOfPermission('said.ts', text, true));
  expect(words).toEqual([]);
});

/** What a wrong `decide` does, what it breaks, and from where that is found. */
const mutants: readonly [what: string, broken: string, from: Beginning, mutant: Partial<Cores>][] =
  [
    [
      'refuses a release while terms wait for a signature',
      'the developer leaves and releases in one act',
      'nothing',
      {
        engage: (engagement, command, facts) =>
          command.act === 'release' && (engagement?.terms.length ?? 0) > 0
            ? refused
            : shipped.engage(engagement, command, facts),
      },
    ],
    [
      'refuses to leave while somebody is inside',
      'the developer leaves and releases in one act',
      'two persons inside',
      {
        engage: (engagement, command, facts) =>
          command.act === 'leave' && facts.now === moments[1]
            ? refused
            : shipped.engage(engagement, command, facts),
      },
    ],
    [
      'does not end a window of who leaves',
      'the developer leaves and releases in one act',
      'two persons inside',
      {
        access: (access, command, facts) =>
          command.act === 'follow-engagement' && facts.engagement.leftAt !== null
            ? { ok: true, value: [] }
            : shipped.access(access, command, facts),
      },
    ],
    [
      'refuses to end a window that was used',
      'the developer ends and shortens in one act',
      'two persons inside',
      {
        access: (access, command, facts) =>
          command.act === 'end' && access.grants.some(({ usedAt }) => usedAt !== null)
            ? refused
            : shipped.access(access, command, facts),
      },
    ],
    [
      'takes a later end',
      'no end moves later',
      'two persons inside',
      {
        access: (access, command, facts) =>
          command.act === 'shorten' && facts.by.as === 'developer'
            ? {
                ok: true,
                value: [
                  {
                    act: 'early-access.window-shortened',
                    window: command.window,
                    ends: command.ends,
                  },
                ],
              }
            : shipped.access(access, command, facts),
      },
    ],
    [
      'counts a day less than a window touches',
      'no window reaches past thirty days',
      'nothing',
      {
        access: (access, command, facts) => {
          const decided = shipped.access(access, command, facts);
          if (!decided.ok) return decided;
          return {
            ok: true,
            value: decided.value.map((event) =>
              event.act === 'early-access.window-opened' && event.because === 'thirty-days'
                ? { ...event, window: { ...event.window, ends: oneMore(event.window.ends) } }
                : event,
            ),
          };
        },
      },
    ],
    [
      'forgets the days of an earlier window',
      'no window reaches past thirty days',
      'a window after another',
      {
        access: (access, command, facts) =>
          command.act === 'open-window'
            ? shipped.access({ ...access, windows: [] }, command, facts)
            : shipped.access(access, command, facts),
      },
    ],
    [
      'takes five protections for six',
      'a grant is active by six accepted protections',
      'two persons inside',
      {
        access: (access, command, facts) => {
          const decided = shipped.access(access, command, facts);
          const isOneShort =
            !decided.ok &&
            decided.refusal.got === 'not-accepted: nondisclosure' &&
            command.act === 'use';
          return isOneShort
            ? {
                ok: true,
                value: [{ act: 'early-access.used', grant: command.grant, at: facts.now }],
              }
            : decided;
        },
      },
    ],
    [
      'determines after two consultations',
      'no determination without three consultations',
      'a file with two consultations',
      {
        designate: (matter, command, facts) => {
          const files = matter.files.map((file) => {
            const { consultations } = file;
            return { ...file, consultations: { 'cisa-director': '2026-10-12', ...consultations } };
          });
          return shipped.designate({ ...matter, files }, command, facts);
        },
      },
    ],
  ];

test.each(mutants)('a decide that %s is found', (_, broken, from, mutant) => {
  const how = { depth: depths[from], until: broken };
  const { faults } = exploreFrom(from, { ...shipped, ...mutant }, how);
  expect(faults.map(({ invariant }) => invariant)).toContain(broken);
});

test.each(fileMutants)('a decide that %s is found', (_, broken, mutant) => {
  const from = 'a file with a run';
  const how = { depth: depths[from], until: broken };
  const { faults } = exploreFrom(from, { ...shipped, ...mutant }, how);
  expect(faults.map(({ invariant }) => invariant)).toContain(broken);
});

const refused = {
  ok: false,
  refusal: { code: 'developer-alone', expected: '', got: '', todo: '' },
} as const;

const oneMore = (ends: State['now']) => addMilliseconds(ends, 1);

function tell({ invariant, says, acts: way }: Explored<Act>['faults'][number]): string {
  return [`${invariant}: ${says}, after`, ...way.map(({ name }) => name)].join('\n  ');
}
