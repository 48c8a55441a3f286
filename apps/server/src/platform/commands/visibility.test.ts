import type { Id } from '@breakwater/kernel';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { type Grant, levels, principalsOf, visible } from './audience.ts';
import type { Actor } from './commands.ts';
import { levelBy, levelOf, seenBy, seenInWorkBy, setAudience, visibleTo } from './visibility.ts';

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

/** The subject as each form of list shows it to a reader; all of them must agree. */
async function listed(reader: Actor | null) {
  const one = sql`(select ${subject}::text as id) c`;
  const ways = [seenBy(reader, sql`c.id`)];
  if (reader !== null) ways.push(seenInWorkBy(reader, 'case', sql`c.id`));
  const lists = await Promise.all(
    ways.map((seen) =>
      opened.database.read((r) =>
        r.rows(sql`select ${levelBy(reader, sql`c.id`)} as level from ${one} where ${seen}`),
      ),
    ),
  );
  for (const list of lists) expect(list).toEqual(lists[0]);
  return lists[0];
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
