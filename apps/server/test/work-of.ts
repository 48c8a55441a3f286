import { randomUUID } from 'node:crypto';
import type { Operation } from '@breakwater/contract';
import type { Reader } from '../src/platform/database/database.ts';
import type { Call } from '../src/route.ts';
import {
  type PrecheckNeeds,
  precheckRoutes,
} from '../src/slices/clearinghouse/deconflict/index.ts';
import { disclosureOf } from '../src/slices/oversight/record/index.ts';
import type { TestParty, TestServer } from './harness.ts';

interface Asked {
  readonly server: TestServer;
  readonly asker: TestParty;
  readonly operation: Operation;
}

/** What a request of the pre-check had the server do, without what it does beside requests. */
export async function workOf({ server, asker, operation }: Asked, body: object) {
  const work = { reads: 0, writes: 0, statements: 0, rows: 0, answer: 0 };
  const counting = (reader: Reader): Reader => ({
    async rows(query) {
      const rows = await reader.rows(query);
      work.statements += 1;
      work.rows += rows.length;
      return rows;
    },
    async row(query) {
      const row = await reader.row(query);
      work.statements += 1;
      work.rows += row === null ? 0 : 1;
      return row;
    },
  });
  const { services } = server;
  const watched: typeof services = {
    ...services,
    database: {
      ...services.database,
      read: async (wish) => {
        work.reads += 1;
        return await services.database.read((reader) => wish(counting(reader)));
      },
    },
    execute: async (envelope, command) => {
      work.writes += 1;
      return await services.execute(envelope, command);
    },
  };
  // What evaluating and fetching ask of other slices; the others would throw if they were called.
  const needs = { disclosureOf: (...of: [string, string]) => disclosureOf(services, ...of) };
  const found = precheckRoutes(watched, needs as PrecheckNeeds).find(
    (route) => route.operation.id === operation.id,
  );
  if (found === undefined) throw new Error(`no route ${operation.id}`);
  const actor = { id: asker.id, role: 'finder', principals: [] };
  const idempotencyKey = randomUUID();
  const envelope = { actor, operation: operation.id, idempotencyKey, request: { idempotencyKey } };
  // All that these two handlers look at.
  const call = { actor, body, envelope, now: services.clock.now() } as unknown as Call<Operation>;
  const answered = await found.handle(call);
  if (!answered.ok) throw new Error(answered.refusal.got);
  return { ...work, answer: JSON.stringify(answered.value).length };
}
