import type { Card } from '@breakwater/contract';
import {
  compileAdvisory,
  createExposureIndex,
  type ExposureIndex,
  type Match,
  type Undecided,
  withBinaryPackages,
} from '@breakwater/exposure';
import type { Component } from '@breakwater/formats/inventory';
import { type Digest, digestOf, type Id, type Instant, ok, utf8 } from '@breakwater/kernel';
import { z } from 'zod';
import { newId } from '../../../platform/clock/clock.ts';
import { coordinators, levels, system } from '../../../platform/commands/audience.ts';
import type { Event, NewContent } from '../../../platform/commands/commands.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import type { ContentRef } from '../../../platform/content/content.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Job, JobHandler } from '../../../platform/queue/queue.ts';
import type { Services } from '../../../services.ts';
import { makeCard } from './card.ts';
import { decideFollow } from './decide.ts';
import {
  type AdvisoryRow,
  advisoriesForWork,
  findInventory,
  type InventoryRow,
  insertNotice,
  inventoriesForWork,
  type NoticeRow,
  noticeForWork,
  noticesOfInventory,
  notified,
  renewCard,
  setNoticeStatus,
  undoReceipt,
} from './store.ts';
import { type Held, keepOpenIn, keepOpenOf } from './undecided.ts';
import { noticesOfAdvisory } from './versions/store.ts';

/** What matching asks of other slices; bound in slices/index.ts. */
export interface MatchNeeds {
  deadline(given: {
    case: string;
    cve: string | null;
    detectedAt: Instant;
  }): Promise<{ dueAt: Instant | null; because: string }>;
  patch(
    reader: Reader,
    patch: string,
  ): Promise<{ readonly sha256: Digest; readonly attestation: Id<'attestation'> | null } | null>;
}

/** The index of who runs what, brought up to the tables before each question. */
export interface Exposure {
  fresh(): Promise<ExposureIndex>;
  /** An inventory as the index last took it in; null where it did not. */
  held(inventory: string): Held | null;
}

/** Notices are made in transactions of this many, so that none is held open for long. */
const noticesPerCommand = 50;

/** An index over every inventory; loads what it does not hold yet. */
export function createExposure(services: Services): Exposure {
  const index = createExposureIndex();
  const held = new Map<string, Held>();
  return {
    held: (inventory) => held.get(inventory) ?? null,
    async fresh() {
      const rows = await services.database.read(inventoriesForWork);
      const here = new Set<string>(rows.map((row) => row.id));
      for (const id of held.keys()) {
        if (here.has(id)) continue;
        index.remove(id);
        held.delete(id);
      }
      for (const { id, components_content: content } of rows) {
        if (held.get(id)?.content === content) continue;
        const text = await services.content.getText(content);
        // An erased inventory is out of reach for good, and so is its exposure.
        const components: Component[] = text === null ? [] : JSON.parse(text); // written by us, authenticated by the store
        index.put(id, components);
        held.set(id, { content, components });
      }
      return index;
    },
  };
}

const Published = z.object({ advisory: z.string() });
const Added = z.object({ inventory: z.string() });

/** Matches a new advisory against every inventory and makes one notice for each affected one. */
export function matchAdvisory(
  services: Services,
  exposure: Exposure,
  needs: MatchNeeds,
): JobHandler {
  return async (job) => {
    const { advisory } = Published.parse(job.payload);
    const [row] = await services.database.read((r) => advisoriesForWork(r, advisory));
    if (row === undefined) return;
    const index = await exposure.fresh();
    const matches = index.affected(compileAdvisory(withBinaryPackages(row.osv)));
    // A later version: who has a card already gets it renewed where it would say something else.
    const known = await services.database.read((r) => noticesOfAdvisory(r, advisory));
    await notify(services, needs, { job, row, matches });
    for (const notice of known) {
      const own = matches.filter((m) => m.inventoryId === notice.inventory);
      await followList(services, needs, { job, row, matches: own, notice });
    }
    await keepOpenOf(services, exposure, { job, row });
  };
}

/**
 * Matches a new inventory, or a newer list of one, against every published advisory; the cards that
 * were there follow what the newer list shows.
 */
export function matchInventoryJob(
  services: Services,
  exposure: Exposure,
  needs: MatchNeeds,
): JobHandler {
  return async (job) => {
    const { inventory } = Added.parse(job.payload);
    const index = await exposure.fresh();
    const known = await services.database.read((r) => noticesOfInventory(r, inventory));
    const open: Undecided[] = [];
    for (const row of await services.database.read((r) => advisoriesForWork(r, null))) {
      const assessed = index.assess(compileAdvisory(withBinaryPackages(row.osv)));
      const matches = assessed.matches.filter((m) => m.inventoryId === inventory);
      for (const each of assessed.undecided) if (each.inventoryId === inventory) open.push(each);
      await notify(services, needs, { job, row, matches });
      const notice = known.find((each) => each.advisory === row.id);
      if (notice !== undefined) await followList(services, needs, { job, row, matches, notice });
    }
    await keepOpenIn(services, exposure, { job, inventory, undecided: open });
  };
}

/** Brings a notice that was there in step with the newer list, or the newer advisory. */
async function followList(
  services: Services,
  needs: MatchNeeds,
  given: {
    readonly job: Job;
    readonly row: AdvisoryRow;
    readonly matches: readonly Match[];
    readonly notice: NoticeRow;
  },
): Promise<void> {
  const { job, row, matches, notice } = given;
  const step = decideFollow(notice.status, matches.length > 0);
  if (step === null) return;
  // The days an operator has are counted from the first card on, however often a list comes anew.
  const from = { row, inventory: notice.inventory, matches, detectedAt: notice.created_at };
  const made = step === 'distribute.resolved' ? null : await make(services, needs, from);
  if (step !== 'distribute.resolved' && made === null) return;
  if (made !== null && (await saysNothingNew(services, made, { notice, step }))) return;
  const renewed = made === null ? null : await write(services, made);
  const envelope = {
    actor: system,
    operation: 'distribute.follow-list',
    idempotencyKey: `follow:${job.id}:${notice.id}`,
    request: job.payload,
  };
  await services.execute<null>(envelope, async (tx) => {
    const now = await noticeForWork(tx, notice.id);
    // Somebody may have reported in between; the next list looks again.
    if (now === null || now.revision !== notice.revision) return ok({ events: [], response: null });
    if (step === 'distribute.reopened') await undoReceipt(tx, notice.id, 'open');
    if (step === 'distribute.resolved') await setNoticeStatus(tx, notice.id, 'resolved');
    if (renewed !== null) {
      const { component } = renewed.match;
      await renewCard(tx, notice.id, {
        card: renewed.card.id,
        component: component.installedAs ?? component.name,
        version: component.version,
      });
    }
    const data = { notice: notice.id, advisory: row.id };
    const level = levels.detail;
    return ok({
      events: [{ act: step, subject: notice.id, data }],
      contents: renewed === null ? [] : [{ ref: renewed.card, subject: notice.id, level }],
      response: null,
    });
  });
}

/**
 * Whether a list was followed already: a job that is delivered again after a crash may find a card,
 * or a report, that is younger than the list it was asked for.
 */
async function saysNothingNew(
  services: Services,
  made: Made,
  followed: { readonly notice: NoticeRow; readonly step: string },
): Promise<boolean> {
  const { notice, step } = followed;
  if (step === 'distribute.reopened') {
    return notice.receipt_at !== null && made.inventory.uploaded_at < notice.receipt_at;
  }
  const text = await services.content.getText(notice.card_content);
  if (text === null) return false;
  // The hour is left out: it is counted to the millisecond, from just before the card was kept.
  const shown: unknown = { ...JSON.parse(text), dueAt: null };
  return JSON.stringify(shown) === JSON.stringify({ ...made.card, dueAt: null });
}

async function notify(
  services: Services,
  needs: MatchNeeds,
  given: { readonly job: Job; readonly row: AdvisoryRow; readonly matches: readonly Match[] },
): Promise<void> {
  const { job, row, matches } = given;
  const done = await services.database.read((r) => notified(r, row.id));
  const byInventory = Map.groupBy(matches, (m) => m.inventoryId);
  const open = [...byInventory].filter(([inventory]) => !done.has(inventory));
  for (let at = 0; at < open.length; at += noticesPerCommand) {
    const chunk = open.slice(at, at + noticesPerCommand);
    const detectedAt = services.clock.now();
    const prepared = await Promise.all(
      chunk.map(async ([inventory, list]) => {
        const made = await make(services, needs, { row, inventory, matches: list, detectedAt });
        return made === null ? null : await write(services, made);
      }),
    );
    await keep(services, { job, row, prepared: prepared.filter((p) => p !== null) });
  }
}

interface Made {
  readonly inventory: InventoryRow;
  readonly match: Match;
  readonly card: Card;
}

interface Prepared extends Omit<Made, 'card'> {
  readonly card: ContentRef;
  readonly dueAt: Instant | null;
}

/** The card for an inventory; null where there is nothing left of it, or nothing is affected. */
async function make(
  services: Services,
  needs: MatchNeeds,
  given: {
    readonly row: AdvisoryRow;
    readonly inventory: string;
    readonly matches: readonly Match[];
    readonly detectedAt: Instant;
  },
): Promise<Made | null> {
  const { row, matches, detectedAt } = given;
  const inventory = await services.database.read((r) => findInventory(r, given.inventory));
  const [match] = matches;
  if (inventory === null || match === undefined) return null;
  const cve = row.osv.aliases?.find((alias) => alias.startsWith('CVE-')) ?? null;
  const due = await needs.deadline({ case: row.case_id, cve, detectedAt });
  const { patch: patchId } = row;
  const patch =
    patchId === null ? null : await services.database.read((r) => needs.patch(r, patchId));
  const card = makeCard({
    record: row.osv,
    matches,
    inventory: (await services.content.getText(inventory.name_content)) ?? '(erased)',
    format: inventory.format,
    due,
    patch: patch === null || patchId === null ? null : { id: patchId, ...patch },
  });
  return { inventory, match, card };
}

async function write(services: Services, made: Made): Promise<Prepared> {
  const card = await services.content.put(utf8(JSON.stringify(made.card)), {
    name: 'card.json',
    mediaType: 'application/json',
  });
  return { ...made, card, dueAt: made.card.dueAt };
}

async function keep(
  services: Services,
  given: { readonly job: Job; readonly row: AdvisoryRow; readonly prepared: readonly Prepared[] },
): Promise<void> {
  const { job, row, prepared } = given;
  if (prepared.length === 0) return;
  // After a restart the same job may put other inventories together: that is another request, and
  // which notices exist already is seen below.
  const together = digestOf(utf8(prepared.map(({ inventory }) => inventory.id).join(' ')));
  const envelope = {
    actor: system,
    operation: 'distribute.notify',
    idempotencyKey: `notify:${job.id}:${row.id}:${together}`,
    request: job.payload,
  };
  await services.execute<null>(envelope, async (tx, now) => {
    const events: Event[] = [];
    const contents: NewContent[] = [];
    for (const { inventory, match, card, dueAt } of prepared) {
      const id = newId('notice');
      const { component } = match;
      const inserted = await insertNotice(tx, {
        id,
        advisory: row.id,
        case_id: row.case_id,
        inventory: inventory.id,
        operator: inventory.operator,
        card_content: card.id,
        component: component.installedAs ?? component.name,
        version: component.version,
        due_at: dueAt,
        created_at: now,
      });
      if (inserted === 0) continue;
      await setAudience(tx, id, [
        { principal: inventory.operator, level: levels.all },
        { principal: coordinators, level: levels.summary },
      ]);
      events.push({
        act: 'distribute.notified',
        subject: id,
        data: { notice: id, advisory: row.id, dueAt },
      });
      contents.push({ ref: card, subject: id, level: levels.detail });
    }
    return ok({ events, contents, response: null });
  });
}
