import { consultedOffices } from '@breakwater/contract';
import { type Id, type IdKind, makeId, toInstant } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { outcomeOf } from './figures.ts';
import { type Command, type Facts, type Matter, nothingYet } from './model.ts';

const now = toInstant(new Date('2026-11-21T12:00:00Z'));
const idOf = <K extends IdKind>(kind: K, n: number): Id<K> =>
  makeId(kind, new Uint8Array(26).fill(n));
const files = [1, 2, 3].map((n) => idOf('file', n));
const determinations = [1, 2].map((n) => idOf('determination', n));
const days = ['2026-11-01', '2026-11-20', '2026-11-22', '2026-11-23', '2099-01-01'];

const file = fc.constantFrom(...files);
const determination = fc.constantFrom(...determinations);
const date = fc.constantFrom(...days);
const carriedDay = fc.constantFrom('2026-11-01', '2026-11-01', '2026-11-20', '2026-11-23');
const outcome = fc.constantFrom('covered' as const, 'not-covered' as const, 'withdrawn' as const);
const consultation = idOf('consultation', 1);
const reference = 'NSA-2026-1';

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ act: fc.constant('open-file' as const), file, rule: fc.constant(null) }),
  fc.record({
    act: fc.constant('re-examine' as const),
    file,
    rule: fc.constant(null),
    former: determination,
  }),
  fc.record({
    act: fc.constant('record-consultation' as const),
    file,
    consultation: fc.constant(consultation),
    office: fc.constantFrom(...consultedOffices),
    date,
    reference: fc.constant(reference),
  }),
  fc.record({ act: fc.constant('dissent' as const), file }),
  fc.record({
    act: fc.constant('enter-determination' as const),
    file,
    determination,
    outcome,
    date,
    reference: fc.constant(reference),
  }),
  fc.record({
    act: fc.constant('take-in' as const),
    file,
    consultations: fc.tuple(carriedDay, carriedDay, carriedDay).map(([ncd, apst, cisa]) => ({
      ncd: { id: consultation, date: ncd },
      apst: { id: consultation, date: apst },
      'cisa-director': { id: consultation, date: cisa },
    })),
    determination,
    outcome,
    date,
    reference: fc.constant(reference),
    bundle: fc.constantFrom('sha256:1', 'sha256:2', 'sha256:3'),
  }),
);
const facts: fc.Arbitrary<Facts> = fc.record({
  now: fc.constant(now),
  official: fc.boolean(),
  leftAt: fc.constantFrom(null, null, null, now),
});

/** What comes of commands in any order; `see` is told of each that was carried out. */
function replay(
  steps: readonly (readonly [Command, Facts])[],
  see: (before: Matter, step: readonly [Command, Facts]) => void,
): Matter {
  let matter = nothingYet;
  for (const step of steps) {
    const [asked, known] = step;
    const isOpening =
      asked.act === 'open-file' || asked.act === 're-examine' || asked.act === 'take-in';
    const isThere = 'file' in asked && matter.files.some(({ id }) => id === asked.file);
    // Ids are new each time, and the door answers for what is not there.
    if (isOpening === isThere) continue;
    const decided = decide(matter, asked, known);
    if (!decided.ok) continue;
    see(matter, step);
    for (const event of decided.value) matter = evolve(matter, event);
  }
  return matter;
}

test('DES-6 DES-9 DES-11 in any order: one open file, and each determination after three consultations', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(command, facts), { maxLength: 60 }), (steps) => {
      const matter = replay(steps, (before, [asked, known]) => {
        if (asked.act !== 'dissent') expect(known.leftAt).toBeNull();
        if (asked.act === 'take-in') taken += 1;
        if (asked.act !== 'enter-determination') return;
        expect(known.official).toBe(true);
        const own = before.files.find(({ id }) => id === asked.file);
        for (const office of consultedOffices) {
          const day = own?.consultations[office] ?? 'none';
          expect(day <= asked.date).toBe(true);
          expect(day <= '2026-11-22').toBe(true);
        }
      });
      expect(matter.files.filter((each) => each.determination === null).length).toBeLessThan(2);
      for (const [place, each] of matter.determinations.entries()) {
        const own = matter.files.find(({ id }) => id === each.file)?.consultations;
        for (const office of consultedOffices) {
          expect((own?.[office] ?? 'none') <= each.date).toBe(true);
        }
        expect(each.date <= '2026-11-22').toBe(true);
        expect(each.former).toBe(matter.determinations[place - 1]?.id ?? null);
        if (each.outcome !== 'withdrawn') continue;
        expect(matter.determinations[place - 1]?.outcome).toBe('covered');
      }
    }),
    { numRuns: 300 },
  );
  expect(taken).toBeGreaterThan(0);
});

test('DES-9 DES-16 what is carried here holds as what is entered here does', () => {
  const carried = (date: string, more: object = {}): Command => ({
    act: 'take-in',
    file: idOf('file', 1),
    consultations: {
      ncd: { id: consultation, date },
      apst: { id: consultation, date },
      'cisa-director': { id: consultation, date },
    },
    determination: idOf('determination', 1),
    outcome: 'covered',
    date: '2026-11-20',
    reference,
    bundle: 'sha256:1',
    ...more,
  });
  const known = { now, official: false, leftAt: null };
  const after = (matter: Matter, command: Command) => {
    const decided = decide(matter, command, known);
    return decided.ok ? decided.value.reduce(evolve, matter) : decided.refusal.code;
  };
  const file = idOf('file', 2);
  const started = [
    { act: 'open-file', file, rule: null } as const,
    {
      act: 'record-consultation',
      file,
      consultation,
      office: 'ncd',
      date: '2026-11-21',
      reference,
    } as const,
  ].reduce((matter: Matter, each) => {
    const next = after(matter, each);
    return typeof next === 'string' ? expect.fail(next) : next;
  }, nothingYet);
  expect(after(nothingYet, carried('2026-11-21'))).toBe('date-before-consultation');
  expect(after(nothingYet, carried('2026-11-01', { date: '2026-11-24' }))).toBe('date-ahead');
  expect(after(nothingYet, carried('2026-11-01', { outcome: 'withdrawn' }))).toBe(
    'nothing-to-withdraw',
  );
  expect(after(started, carried('2026-11-01'))).toBe('date-before-consultation');
  expect(after(started, carried('2026-11-01', { date: '2026-11-21' }))).toMatchObject({
    files: [{ id: file, consultations: { ncd: '2026-11-21', apst: '2026-11-01' } }],
    determinations: [{ outcome: 'covered', former: null }],
  });
});

test('DES-5 an interval is above or below as a whole, or spans', () => {
  const table: readonly (readonly [number, number, string])[] = [
    [0.51, 0.8, 'interval-above'],
    [0.5, 0.8, 'interval-spans'],
    [0.2, 0.8, 'interval-spans'],
    [0.2, 0.5, 'interval-spans'],
    [0.2, 0.49, 'interval-below'],
  ];
  for (const [low, high, word] of table) expect(outcomeOf({ low, high }, 0.5)).toBe(word);
});
