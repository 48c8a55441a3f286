import { fillPath, type Operation, openApi, operations } from '@breakwater/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => await world[Symbol.asyncDispose]());

/** What others wrote into the world; no stranger's answer may hold any of it. */
const told = ['Told at length', 'Overflow', 'Thank you', 'proof"', 'desk'];
/** Everyone's, or told to all of a role: disclosures D-8 and D-15. */
const forAll = (operation: Operation) => operation.callers.includes('public');
const withIds = operations.filter((o) => o.path.includes('{') && !forAll(o) && o.stream !== true);

function parametersOf(operation: Operation): string[] {
  return [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}

describe('EDG-30 an id of somebody else opens nothing', () => {
  test.each(withIds.map((operation) => ({ id: operation.id, operation })))(
    '$id with every id there is',
    async ({ operation }) => {
      for (const [role, { key }] of Object.entries(world.strangers)) {
        if (role === 'coordinator') continue; // sees every case: D-11
        // Where the role may not call it at all, the door answers before any id is read.
        const isIn = operation.callers.some((caller) => caller === role);
        const ids = Object.values(world.ids).slice(0, isIn ? undefined : 1);
        for (const id of ids) {
          const params = Object.fromEntries(parametersOf(operation).map((name) => [name, id]));
          const answer = await world.server.send({
            method: operation.method,
            path: fillPath(operation.path, params),
            key,
            ...(operation.method === 'POST' ? { body: '{}' } : {}),
          });
          const text = await answer.text();
          expect([operation.id, role, id, answer.status < 500]).toEqual([
            operation.id,
            role,
            id,
            true,
          ]);
          expect(told.filter((secret) => text.includes(secret))).toEqual([]);
        }
      }
    },
  );

  test('and nothing of it was a fault of ours', () => expect(world.server.errors).toEqual([]));
});

/**
 * Bodies of others' making, whose fields nobody here chooses: credentials of a browser (Web
 * Authentication), of which only the named fields are read.
 */
const loose = ['session.passkey-sign-in', 'session.add-passkey'];

describe('EDG-31 a body holds what its operation names, and nothing else', () => {
  const bodied = operations.filter((o) => !(o.body instanceof z.ZodUndefined));

  test('no form takes a field it does not name, at any depth', () => {
    const open: string[] = [];
    for (const operation of bodied) {
      if (loose.includes(operation.id)) continue;
      const schema = z.toJSONSchema(operation.body, { io: 'input', unrepresentable: 'any' });
      for (const place of openObjects(schema, '')) open.push(`${operation.id} ${place}`);
    }
    expect(open).toEqual([]);
  });

  test.each(bodied.map((operation) => ({ id: operation.id, operation })))(
    '$id refuses privileged fields, whoever sends them',
    async ({ operation }) => {
      const fields = ['role', 'party', 'actor', 'administrator', 'createdAt', 'id', 'level'];
      const body = Object.fromEntries([...fields, 'isAdmin'].map((name) => [name, 'coordinator']));
      for (const { key } of Object.values(world.strangers)) {
        const params = Object.fromEntries(
          parametersOf(operation).map((name) => [name, world.ids[name] ?? 'x']),
        );
        const answer = await world.server.send({
          method: operation.method,
          path: fillPath(operation.path, params),
          key,
          body: JSON.stringify(body),
        });
        expect([400, 403, 404]).toContain(answer.status);
      }
    },
  );

  test('__proto__ and constructor are fields like others: unknown, and without effect', async () => {
    const form =
      '"kind":"native","package":"pkg:npm/a","version":"1","title":"t","description":"d"';
    const { key } = world.strangers.finder;
    for (const extra of [
      '"__proto__":{"polluted":true}',
      '"constructor":{"prototype":{"polluted":true}}',
      '"identifiers":[],"__proto__":{"marking":"CLEAR"}',
    ]) {
      const body = `{${form},${extra}}`;
      const answer = await world.server.send({ method: 'POST', path: '/v1/findings', key, body });
      const text = await answer.text();
      // zod leaves __proto__ out before it looks at names; then it is simply not there.
      expect([200, 400]).toContain(answer.status);
      expect(text).not.toContain('polluted":true');
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    }
  });
});

describe('EDG-32 no answer tells how the server is made', () => {
  const inside =
    /node_modules|\/src\/|\.ts\b|at \w+ \(|select |insert into|kysely|pglite|ECONN|ENOENT/i;

  test.each(operations.map((operation) => ({ id: operation.id, operation })))(
    '$id, asked wrongly',
    async ({ operation }) => {
      if (operation.stream === true) return;
      const { key } = world.insiders.coordinator;
      const wrong = [
        "'",
        '%00',
        '%ff',
        '..%2f',
        'x'.repeat(2_000),
        '__proto__',
        '[object%20Object]',
      ];
      for (const id of wrong) {
        const params = Object.fromEntries(parametersOf(operation).map((name) => [name, 'ID']));
        const path = fillPath(operation.path, params).replaceAll('ID', id);
        const answer = await world.server.send({
          method: operation.method,
          path: `${path}?limit=${id}&after=${id}&__proto__[x]=1`,
          key,
          ...(operation.method === 'POST' ? { body: `{"a":"${id}"` } : {}),
        });
        const text = await answer.text();
        expect([operation.id, id, answer.status < 500]).toEqual([operation.id, id, true]);
        if (answer.status >= 400) {
          expect(text).not.toMatch(inside);
          expect(answer.headers.get('content-type')).toBe('application/problem+json');
        }
      }
    },
  );
});

/** Where a JSON Schema lets an object hold fields that it does not name. */
function openObjects(schema: unknown, place: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const entries = Object.entries(schema);
  const isObject = Reflect.get(schema, 'type') === 'object';
  const more = Reflect.get(schema, 'additionalProperties');
  const here = isObject && more !== false && typeof more !== 'object' ? [place] : [];
  return [...here, ...entries.flatMap(([name, part]) => openObjects(part, `${place}/${name}`))];
}

test('EDG-33 text is never answered as a page', async () => {
  const payload = encodeURIComponent('<script>alert(1)</script>');
  const { key } = world.insiders.finder;
  for (const path of [
    `/v1/${payload}`,
    `/v1/findings/${payload}`,
    `/v1/search?q=${payload}`,
    `/${payload}`,
  ]) {
    const answer = await world.server.send({ method: 'GET', path, key });
    expect(answer.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  }
  expect(openApi()).toBeDefined();
});
