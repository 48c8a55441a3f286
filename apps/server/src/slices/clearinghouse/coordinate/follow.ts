import type { Stage } from '@breakwater/contract';
import type { Instant, Json } from '@breakwater/kernel';
import { z } from 'zod';
import type { Event } from '../../../platform/commands/commands.ts';
import { setAudiences } from '../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { arrivalActs, followArrivals, marked, Opening, type RoomNeeds } from './arrivals.ts';
import {
  caseAudience,
  findingAudience,
  type MarkedFinding,
  type Participants,
} from './audience.ts';
import { advance } from './decide.ts';
import { casesIn, findingIn, relist } from './list/follow.ts';
import { followOwners } from './owner/follow.ts';
import { removeOwner } from './owner-left.ts';
import {
  addOwner,
  insertRooms,
  participantsOf,
  renameRoom,
  roomOf,
  setAdvisory,
  setEmbargoEnded,
  setEmbargoUntil,
  setFinders,
  setMerged,
  setStage,
} from './store.ts';

const FindersByCase = z.object({
  from: z.string(),
  into: z.string(),
  finders: z.record(z.string(), z.array(z.string())),
});
const Split = FindersByCase.extend({
  openings: z.record(z.string(), Opening.extend({ reproduced: z.boolean() })),
});
const Undone = FindersByCase.extend({ emptied: z.boolean() });
const Invited = z.object({ party: z.string(), reason: z.string().nullable() });
const OwnerLeft = z.object({ party: z.string(), reproduced: z.boolean() });
const EmbargoSet = z.object({ endsAt: z.string(), zone: z.string() });
const EmbargoEnded = z.object({ because: z.enum(['time', 'public']) });
const Concluded = z.object({ case: z.string(), verdict: z.string() });
const Proposed = z.object({ case: z.string() });
const Published = z.object({ advisory: z.string() });

/**
 * Keeps the rooms of cases, and the lists they stand in, in step with what was decided, in the same
 * transaction. Arrivals that come one behind the other are taken in together.
 */
export async function followInRooms(
  tx: Transaction,
  events: readonly Event[],
  at: Instant,
  needs: RoomNeeds,
): Promise<void> {
  let arrivals: Event[] = [];
  for (const event of events) {
    if (arrivalActs.includes(event.act)) {
      arrivals.push(event);
      continue;
    }
    // What was received or reported is no act on a room: it parts no arrivals.
    if (casesIn(event).length === 0) {
      await followOwners(tx, event, at);
      continue;
    }
    await followArrivals(tx, arrivals, at, needs);
    arrivals = [];
    await followOther(tx, event, at, needs);
  }
  await followArrivals(tx, arrivals, at, needs);
}

async function followOther(
  tx: Transaction,
  event: Event,
  at: Instant,
  needs: RoomNeeds,
): Promise<void> {
  await followInRoom(tx, event, at, needs);
  await followOwners(tx, event, at);
  const finding = findingIn(event);
  const about = finding === null ? null : [finding];
  const cases = new Map(casesIn(event).map((id) => [id, about]));
  await relist(tx, { act: event.act, at, cases }, needs);
}

/** Acts that do not concern a room pass by. */
async function followInRoom(
  tx: Transaction,
  event: Event,
  at: Instant,
  needs: RoomNeeds,
): Promise<void> {
  const data: Json = event.data;
  switch (event.act) {
    case 'correlate.merged': {
      const moved = FindersByCase.parse(data);
      const from = await roomOf(tx, moved.from);
      await setMerged(tx, moved.from, moved.into);
      // What was reproduced there is reproduced here: its findings came along.
      if (from !== null && advance(from.stage, 'reproduced') === from.stage) {
        await step(tx, moved.into, { to: 'reproduced', at });
      }
      return await allFinders(tx, moved.finders, at, needs);
    }
    case 'correlate.split': {
      const moved = Split.parse(data);
      for (const [id, { reproduced, ...opening }] of Object.entries(moved.openings)) {
        const stage = reproduced ? 'reproduced' : 'received';
        if (id === moved.into) await insertRooms(tx, [{ id, ...opening, stage }], at);
        else await renameRoom(tx, id, { ...opening, stage });
      }
      return await allFinders(tx, moved.finders, at, needs);
    }
    case 'correlate.undone': {
      const moved = Undone.parse(data);
      const from = await roomOf(tx, moved.from);
      // A merge is taken back by reviving its source, a split by closing what it opened.
      if (from?.merged_into === moved.into) await setMerged(tx, moved.from, null);
      if (moved.emptied) await setMerged(tx, moved.into, moved.from);
      return await allFinders(tx, moved.finders, at, needs);
    }
    case 'coordinate.owner-invited': {
      const { party, reason } = Invited.parse(data);
      await addOwner(tx, event.subject, { party, since: at, reason });
      await step(tx, event.subject, { to: 'with-owner', at });
      return await refreshAudience(tx, event.subject, needs);
    }
    case 'coordinate.owner-left': {
      await removeOwner(tx, event.subject, { ...OwnerLeft.parse(data), at });
      return await refreshAudience(tx, event.subject, needs);
    }
    case 'coordinate.embargo-set': {
      const { endsAt, zone } = EmbargoSet.parse(data);
      return await setEmbargoUntil(tx, event.subject, endsAt, zone);
    }
    case 'coordinate.embargo-ended':
      await setEmbargoEnded(tx, event.subject, at, EmbargoEnded.parse(data).because);
      return await refreshAudience(tx, event.subject, needs);
    case 'validate.concluded': {
      const concluded = Concluded.parse(data);
      if (concluded.verdict !== 'reproduced') return;
      // The case may have been joined into another while its proof ran.
      const room = await roomOf(tx, concluded.case);
      return await step(tx, room?.merged_into ?? concluded.case, { to: 'reproduced', at });
    }
    case 'verify.proposed':
      return await step(tx, Proposed.parse(data).case, { to: 'patch-proposed', at });
    case 'verify.concluded': {
      const concluded = Concluded.parse(data);
      if (concluded.verdict === 'verified')
        await step(tx, concluded.case, { to: 'patch-verified', at });
      return;
    }
    case 'distribute.published': {
      await setAdvisory(tx, event.subject, Published.parse(data).advisory);
      const room = await roomOf(tx, event.subject);
      if (room?.embargo !== 'ended') await setEmbargoEnded(tx, event.subject, at, 'published');
      return await refreshAudience(tx, event.subject, needs);
    }
    default:
  }
}

async function step(
  tx: Transaction,
  caseId: string,
  { to, at }: { readonly to: Stage; readonly at: Instant },
): Promise<void> {
  const room = await roomOf(tx, caseId);
  if (room === null) throw new Error(`no room for ${caseId}`);
  const stage = advance(room.stage, to);
  if (stage !== room.stage) await setStage(tx, caseId, { stage, at });
}

async function allFinders(
  tx: Transaction,
  byCase: Readonly<Record<string, readonly string[]>>,
  at: Instant,
  needs: RoomNeeds,
): Promise<void> {
  for (const [caseId, list] of Object.entries(byCase)) {
    await setFinders(tx, new Map([[caseId, list]]), at);
    await refreshAudience(tx, caseId, needs);
  }
}

async function refreshAudience(tx: Transaction, caseId: string, needs: RoomNeeds): Promise<void> {
  const participants: Participants = await participantsOf(tx, caseId);
  const findings = await markedFindings(tx, caseId, needs);
  await setAudiences(
    tx,
    new Map([
      [caseId, caseAudience(participants)],
      ...[...findings].map(([id, f]) => [id, findingAudience(f, participants)] as const),
    ]),
  );
}

/** The findings of a case, with what says who may see them. */
async function markedFindings(
  tx: Transaction,
  caseId: string,
  needs: RoomNeeds,
): Promise<ReadonlyMap<string, MarkedFinding>> {
  const room = await roomOf(tx, caseId);
  if (room === null) throw new Error(`no room for ${caseId}`);
  const members = (await needs.membersOf(tx, [caseId])).get(caseId) ?? [];
  return await marked(
    tx,
    members.map((member) => ({ ...member, embargo: room.embargo })),
    needs,
  );
}
