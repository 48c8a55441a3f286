import type { Id } from '@breakwater/kernel';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { type Grant, levels, principalsOf, visible } from './audience.ts';
import type { Actor } from './commands.ts';
import { levelBy, levelOf, seenBy, setAudience, sharedWith, visibleTo } from './visibility.ts';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(async () => await opened[Symbol.asyncDispose]());

const party = (name: string) => `party_${name}` as Id<'party'>; // only compared
const readers: readonly (Actor | null)[] = [
  null,
  { id: party('ada'), role: 'finder', principals: [] },
  { id: party('bo'), role: 'finder', principals: [] },
  { id: party('vendor'), role: 'owner', principals: [] },
  { id: party('cora'), role: 'coordinator', principals: ['coordinators'] },
  { id: party('clinic'), role: 'operator', principals: [] },
];
const principals = [
  ...readers.flatMap((r) => (r === null ? [] : [r.id])),
  'public',
  'coordinators',
];
const audience: fc.Arbitrary<Grant[]> = fc.array(
  fc.record({
    principal: fc.constantFrom(...principals),
    level: fc.constantFrom(...Object.values(levels)),
  }),
  { maxLength: 6 },
);

const subject = 'case_1';

/** The subject as a list shows it to a reader. */
async function listed(reader: Actor | null) {
  const one = sql`(select ${subject}::text as id) c`;
  return await opened.database.read((r) =>
    r.rows(sql`
      select ${levelBy(reader, sql`c.id`)} as level from ${one} where ${seenBy(reader, sql`c.id`)}`),
  );
}

describe('visible(subject, party, level): the function and the relation say the same', () => {
  test('for any audience and any reader, also after the audience changed', async () => {
    await fc.assert(
      fc.asyncProperty(audience, audience, async (first, second) => {
        for (const grants of [first, second]) {
          await opened.database.write((tx) => setAudience(tx, subject, grants));
          for (const reader of readers) {
            const expected = visible(grants, principalsOf(reader));
            const level = await opened.database.read((r) => levelOf(r, subject, reader));
            expect(level).toBe(expected);
            const rows = await opened.database.read((r) =>
              r.rows(sql`select level from ${visibleTo(reader)} v where subject = ${subject}`),
            );
            expect(rows).toEqual(expected === 0 ? [] : [{ level: expected }]);
            expect(await listed(reader)).toEqual(expected === 0 ? [] : [{ level: expected }]);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test('what is shared with a reader is what it sees as somebody else than who handed it in', async () => {
    const finding = 'finding_1';
    await fc.assert(
      fc.asyncProperty(audience, async (grants) => {
        await opened.database.write((tx) => setAudience(tx, finding, grants));
        const highest = new Map<string, number>();
        for (const { principal, level } of grants) {
          highest.set(principal, Math.max(level, highest.get(principal) ?? 0));
        }
        for (const reader of readers) {
          if (reader === null) continue;
          const below = principalsOf(reader).some((as) => (highest.get(as) ?? 3) < levels.all);
          const rows = await opened.database.read((r) =>
            r.rows(sql`select 1 as n from (select ${finding}::text as id) c
              where ${sharedWith(reader, sql`c.id`)}`),
          );
          expect(rows).toHaveLength(below ? 1 : 0);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('a subject without an audience is seen by nobody', async () => {
    for (const reader of readers) {
      expect(await opened.database.read((r) => levelOf(r, 'unknown', reader))).toBe(0);
    }
  });

  test('more grants never show less, and their order does not matter', () => {
    fc.assert(
      fc.property(audience, audience, fc.constantFrom(...readers), (some, more, reader) => {
        const as = principalsOf(reader);
        const together = visible([...some, ...more], as);
        expect(together).toBe(visible([...more, ...some], as));
        expect(together).toBe(Math.max(visible(some, as), visible(more, as)));
      }),
    );
  });
});
