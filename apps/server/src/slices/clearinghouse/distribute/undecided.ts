import type { Doubt, Inventory as InventoryView } from '@breakwater/contract';
import { compileAdvisory, type Undecided, withBinaryPackages } from '@breakwater/exposure';
import type { Component } from '@breakwater/formats/inventory';
import { digestOf, ok, utf8 } from '@breakwater/kernel';
import type { z } from 'zod';
import { system } from '../../../platform/commands/audience.ts';
import type { Job } from '../../../platform/queue/queue.ts';
import type { Services } from '../../../services.ts';
import type { Exposure } from './jobs.ts';
import type { AdvisoryRow } from './store.ts';
import {
  addUndecided,
  clearUndecided,
  neverJudged,
  setJudged,
  type UndecidedRow,
} from './undecided-store.ts';

/** Rows of one transaction, so that none is held open for long. */
const rowsPerCommand = 1_000;

/** Doubts as a page counts them: a component once for each, whatever the number of advisories. */
export function sumOf(undecided: readonly Undecided[]): z.infer<typeof InventoryView>['undecided'] {
  return [...Map.groupBy(undecided, (each): Doubt => each.doubt)].map(([doubt, list]) => ({
    doubt,
    components: new Set(list.map((each) => each.component)).size,
    advisories: new Set(list.map((each) => each.advisoryId)).size,
  }));
}

/** Keeps what a new advisory leaves open, of every inventory. */
export async function keepOpenOf(
  services: Services,
  exposure: Exposure,
  given: { readonly job: Job; readonly row: AdvisoryRow },
): Promise<void> {
  const { job, row } = given;
  const index = await exposure.fresh();
  const { undecided } = index.assess(compileAdvisory(withBinaryPackages(row.osv)));
  const rows = [...Map.groupBy(undecided, (each) => each.inventoryId)].flatMap(([id, list]) =>
    rowsOf(list, exposure.held(id)),
  );
  for (let at = 0; at < rows.length; at += rowsPerCommand) {
    const chunk = rows.slice(at, at + rowsPerCommand);
    // After a restart the same job may find other inventories: that is another request.
    const together = digestOf(utf8(JSON.stringify(chunk)));
    const envelope = {
      actor: system,
      operation: 'distribute.judge',
      idempotencyKey: `judge:${job.id}:${row.id}:${together}`,
      request: job.payload,
    };
    await services.execute<null>(envelope, async (tx) => {
      await addUndecided(tx, chunk);
      return ok({ events: [], response: null });
    });
  }
}

/** Keeps what all advisories leave open of one inventory, in the place of what was open before. */
export async function keepOpenIn(
  services: Services,
  exposure: Exposure,
  given: {
    readonly job: Job;
    readonly inventory: string;
    readonly undecided: readonly Undecided[];
  },
): Promise<void> {
  const { job, inventory, undecided } = given;
  const held = exposure.held(inventory);
  if (held === null) return;
  const envelope = {
    actor: system,
    operation: 'distribute.judge',
    idempotencyKey: `judge:${job.id}:${inventory}`,
    request: job.payload,
  };
  await services.execute<null>(envelope, async (tx) => {
    // A newer list has a job of its own.
    if ((await setJudged(tx, inventory, held.content)) === 0) {
      return ok({ events: [], response: null });
    }
    await clearUndecided(tx, [inventory]);
    await addUndecided(tx, rowsOf(undecided, held));
    return ok({ events: [], response: null });
  });
}

/** Has the lists compared that came in before anybody counted what stays open. */
export async function compareOlder(services: Services): Promise<void> {
  for (const inventory of await services.database.read(neverJudged)) {
    const envelope = {
      actor: system,
      operation: 'distribute.compare-older',
      idempotencyKey: `compare:${inventory}`,
      request: { inventory },
    };
    await services.execute<null>(envelope, () =>
      Promise.resolve(
        ok({
          events: [],
          jobs: [{ job: 'distribute.match-inventory', payload: { inventory } }],
          response: null,
        }),
      ),
    );
  }
}

/** A list as the index holds it. */
export interface Held {
  /** The content item that it was read from. */
  readonly content: string;
  readonly components: readonly Component[];
}

function rowsOf(undecided: readonly Undecided[], held: Held | null): readonly UndecidedRow[] {
  if (held === null) return [];
  const places = new Map(held.components.map((component, place) => [component, place]));
  return undecided.flatMap(({ inventoryId, advisoryId, component, doubt }) => {
    const place = places.get(component);
    if (place === undefined) return [];
    const { content } = held;
    return [{ inventory: inventoryId, advisory: advisoryId, component: place, doubt, content }];
  });
}
