import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { TestDatabase } from '../../../test/database.ts';
import { type Database, OutsideTransaction } from './database.ts';

/** What every implementation of the database port does; `open` gives a fresh migrated one. */
export function databaseConformance(open: () => Promise<TestDatabase>): void {
  async function withTable<T>(work: (db: Database, opened: TestDatabase) => Promise<T>) {
    await using opened = await open();
    await opened.database.raw('create table t (id int primary key, n bigint, at timestamptz)');
    return await work(opened.database, opened);
  }

  test('a committed write is read back, a failed one leaves nothing', () =>
    withTable(async (db) => {
      await db.write((tx) => tx.run(sql`insert into t values (1, 10, null)`));
      const failed = db.write(async (tx) => {
        await tx.run(sql`insert into t values (2, 20, null)`);
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      const rows = await db.read((r) => r.rows(sql<{ id: number }>`select id from t`));
      expect(rows).toEqual([{ id: 1 }]);
    }));

  test('a database error reaches the caller with its SQLSTATE, and the connection stays good', () =>
    withTable(async (db) => {
      await db.write((tx) => tx.run(sql`insert into t values (1, 10, null)`));
      const twice = db.write((tx) => tx.run(sql`insert into t values (1, 10, null)`));
      await expect(twice).rejects.toMatchObject({ code: '23505' });
      const wrong = db.read((r) => r.rows(sql`select * from there_is_none`));
      await expect(wrong).rejects.toMatchObject({ code: '42P01' });
      expect(await db.read((r) => r.row(sql`select 1 as one`))).toEqual({ one: 1 });
    }));

  test('what is logged of a database error shows nothing of the row', () =>
    withTable(async (db) => {
      await db.raw('alter table t add column secret text unique, add check (n < 100)');
      await db.raw('create table late (secret text unique deferrable initially deferred)');
      const insert = (row: RawBuilder<unknown>) =>
        db.write((tx) => tx.run(sql`insert into ${row}`));
      await insert(sql`t values (1, 10, null, 'hush-hush')`);
      await insert(sql`late values ('hush-hush')`);
      const failures = [
        () => insert(sql`t values (2, 10, null, 'hush-hush')`),
        () => insert(sql`t values (3, 100, null, 'hush-hush too')`),
        // Found out with the commit.
        () => insert(sql`late values ('hush-hush')`),
        () => db.raw(`insert into t values (null, 10, null, 'hush-hush')`),
      ];
      for (const fails of failures) {
        const error: unknown = await fails().catch((thrown: unknown) => thrown);
        const logged = JSON.stringify(pino.stdSerializers.err(error as Error)); // what it rejects with
        expect(logged).toMatch(/"code":"235/);
        expect(logged).not.toContain('hush-hush');
      }
    }));

  test('run answers how many rows it touched; row refuses more than one', () =>
    withTable(async (db) => {
      const touched = await db.write((tx) =>
        tx.run(sql`insert into t values (1, 1, null), (2, 2, null), (3, 3, null)`),
      );
      expect(touched).toBe(3);
      expect(await db.write((tx) => tx.run(sql`delete from t where id > 1`))).toBe(2);
      expect(await db.read((r) => r.row(sql`select * from t where id = 9`))).toBeNull();
      await db.write((tx) => tx.run(sql`insert into t values (2, 2, null)`));
      await expect(db.read((r) => r.row(sql`select * from t`))).rejects.toThrow('at most one row');
    }));

  test('types look the same on every engine', () =>
    withTable(async (db) => {
      const row = await db.read((r) =>
        r.row(sql`select 9007199254740991::int8 as big, 7::int as small,
          '2026-03-01 09:30:00.25+01'::timestamptz as at, null::timestamptz as never,
          '\\x00ff'::bytea as bytes, '{"a":[1]}'::jsonb as doc, array['x','y'] as list, true as yes`),
      );
      expect(row).toEqual({
        big: 9007199254740991,
        small: 7,
        at: '2026-03-01T08:30:00.250Z',
        never: null,
        bytes: Buffer.from([0, 255]),
        doc: { a: [1] },
        list: ['x', 'y'],
        yes: true,
      });
      const tooBig = db.read((r) => r.rows(sql`select 9007199254740992::int8 as big`));
      await expect(tooBig).rejects.toThrow(RangeError);
    }));

  test('what is asked often is answered like everything else, however often it is asked', () =>
    withTable(async (db) => {
      await db.write((tx) => tx.run(sql`insert into t values (1, 1, null), (2, 2, null)`));
      const ask = (id: number, n: number) =>
        db.read((r) =>
          r.rows(sql`select id, n from t where id = ${id} or n = ${n} order by id`, {
            often: true,
          }),
        );
      const both = [
        { id: 1, n: 1 },
        { id: 2, n: 2 },
      ];
      for (let i = 0; i < 12; i++) {
        expect(await ask(1, 1)).toEqual(both.slice(0, 1));
        expect(await ask(1, 2)).toEqual(both);
      }
      const many = db.read((r) => r.row(sql`select id from t`, { often: true }));
      await expect(many).rejects.toThrow('at most one row');
      const inside = db.write((tx) =>
        tx.rows(sql`select id, n from t order by id`, { often: true }),
      );
      expect(await inside).toEqual(both);
    }));

  test('of what is asked at once each gets its own answer, and one that fails fails alone', () =>
    withTable(async (db) => {
      await db.write((tx) => tx.run(sql`insert into t values (1, 1, null), (2, 2, null)`));
      const ask = (by: number) =>
        db.read((r) => r.row(sql<{ q: number }>`select 60 / ${by}::int as q`, { often: true }));
      const list = () => db.read((r) => r.rows(sql`select id from t order by id`, { often: true }));
      for (let i = 0; i < 3; i++) {
        const [one, none, two, rows] = await Promise.allSettled([ask(1), ask(0), ask(2), list()]);
        expect(one).toMatchObject({ value: { q: 60 } });
        expect(none).toMatchObject({ reason: { code: '22012' } });
        expect(two).toMatchObject({ value: { q: 30 } });
        expect(rows).toMatchObject({ value: [{ id: 1 }, { id: 2 }] });
      }
    }));

  test('lists of words come out as they went in, whatever is in them', () =>
    withTable(async (db) => {
      for (const list of [
        [],
        ['a'],
        ['a', 'b c'],
        ['NULL'],
        [''],
        ['{', '"', '\\', ','],
        ['ä,ö'],
      ]) {
        const row = await db.read((r) =>
          r.row<{ list: string[] }>(sql`select ${list}::text[] as list`),
        );
        expect(row?.list).toEqual(list);
      }
      const hole = await db.read((r) => r.row(sql`select array['a', null] as list`));
      expect(hole).toEqual({ list: ['a', null] });
    }));

  test('values go in and come out unchanged', () =>
    withTable(async (db) => {
      const at = '2026-03-01T08:30:00.250Z';
      await db.write((tx) => tx.run(sql`insert into t values (1, ${2 ** 40}, ${at})`));
      expect(await db.read((r) => r.row(sql`select * from t`))).toEqual({ id: 1, n: 2 ** 40, at });
      const text = `'; drop table t; -- ${'é'.repeat(3)}`;
      const echoed = await db.read((r) => r.row(sql`select ${text}::text as text`));
      expect(echoed).toEqual({ text });
    }));

  test('a query outside the open transaction throws at once instead of waiting for itself', () =>
    withTable(async (db) => {
      const ways: (() => Promise<unknown>)[] = [
        () => db.read((r) => r.rows(sql`select 1`)),
        () => db.write((tx) => tx.run(sql`select 1`)),
        () => db.raw('select 1'),
      ];
      for (const outside of ways) {
        await expect(db.write(() => outside())).rejects.toThrow(OutsideTransaction);
      }
      // Afterwards, and beside a transaction of another call chain, all is well.
      const both = await Promise.all([
        db.write((tx) => tx.rows(sql`select 1 as n`)),
        db.read((r) => r.rows(sql`select 2 as n`)),
      ]);
      expect(both).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    }));

  test('fifty writers that read what they write are as if one came after the other', () =>
    withTable(async (db) => {
      await db.write((tx) => tx.run(sql`insert into t values (1, 0, null)`));
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, () =>
          db.write(async (tx) => {
            const row = await tx.row(sql<{ n: number }>`select n from t where id = 1`);
            await tx.run(sql`update t set n = ${(row?.n ?? 0) + 1} where id = 1`);
          }),
        ),
      );
      const done = outcomes.filter((o) => o.status === 'fulfilled').length;
      expect(await db.read((r) => r.row(sql`select n from t`))).toEqual({ n: done });
      expect(done).toBe(50);
    }));

  test('in turn, fifty writers come one after the other, each seeing what those before it wrote', () =>
    withTable(async (db) => {
      await db.write((tx) => tx.run(sql`insert into t values (1, 0, null)`));
      let tries = 0;
      await Promise.all(
        Array.from({ length: 50 }, () =>
          db.writeInTurn('deconflict', async (tx) => {
            tries += 1;
            const row = await tx.row(sql<{ n: number }>`select n from t where id = 1`);
            await tx.run(sql`update t set n = ${(row?.n ?? 0) + 1} where id = 1`);
          }),
        ),
      );
      expect(await db.read((r) => r.row(sql`select n from t`))).toEqual({ n: 50 });
      expect(tries).toBe(50);
      const nobodys = db.writeInTurn('no such turn', async () => {});
      await expect(nobodys).rejects.toThrow('no such turn');
    }));

  test('a conflict is tried again until it holds', () =>
    withTable(async (db) => {
      let tries = 0;
      await db.write(async (tx) => {
        tries += 1;
        await tx.run(sql`insert into t values (1, 1, null)`);
        if (tries < 3) throw Object.assign(new Error('conflict'), { code: '40001' });
      });
      expect(tries).toBe(3);
      expect(await db.read((r) => r.rows(sql`select id from t`))).toEqual([{ id: 1 }]);
    }));

  test('a conflict that never ends is given up after ten tries', () =>
    withTable(async (db) => {
      let tries = 0;
      const hopeless = db.write(async () => {
        tries += 1;
        throw Object.assign(new Error('conflict'), { code: '40P01' });
      });
      await expect(hopeless).rejects.toThrow('conflict');
      expect(tries).toBe(10);
    }));

  test('the event loop turns while a query works', () =>
    withTable(async (db) => {
      let turns = 0;
      const timer = setInterval(() => {
        turns += 1;
      }, 1);
      try {
        await db.read((r) => r.rows(sql`select sum(sqrt(i)) from generate_series(1, 1500000) i`));
      } finally {
        clearInterval(timer);
      }
      expect(turns).toBeGreaterThan(20);
    }));

  test('a client that died in the middle of its transaction holds up nobody', () =>
    withTable(async (db, opened) => {
      const client = new pg.Client(opened.connection);
      client.on('error', () => {});
      await client.connect();
      await client.query('begin');
      await client.query('insert into t values (1, 1, null)');
      destroy(client);
      await db.write((tx) => tx.run(sql`insert into t values (1, 2, null)`));
      expect(await db.read((r) => r.rows(sql`select n from t`))).toEqual([{ n: 2 }]);
    }));

  test('closing ends it, and what was committed is there when it opens again', () =>
    withTable(async (db, opened) => {
      await db.write((tx) => tx.run(sql`insert into t values (1, 5, null)`));
      const again = await opened.reopen();
      await expect(db.read((r) => r.rows(sql`select 1`))).rejects.toThrow();
      expect(await again.read((r) => r.row(sql`select n from t`))).toEqual({ n: 5 });
    }));
}

/** Cuts the connection as a killed process would. */
function destroy(client: pg.Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }; // not in pg's types
  connection.stream.destroy();
}
