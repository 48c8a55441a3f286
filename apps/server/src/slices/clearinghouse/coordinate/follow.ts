import type { Stage } from '@breakwater/contract';
import type { Instant, Json, Tlp } from '@breakwater/kernel';
import { z } from 'zod';
import type { Event } from '../../../platform/commands/commands.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import {
  caseAudience,
  findingAudience,
  type MarkedFinding,
  type Participants,
} from './audience.ts';
import { advance } from './decide.ts';
import { casesIn, findingIn, type ListingNeeds, relist } from './list/follow.ts';
import { followOwners } from './owner/follow.ts';
import { removeOwner } from './owner-left.ts';
import {
  addOwner,
  insertRoom,
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

/** What keeping rooms asks of other slices; bound in slices/index.ts. */
export interface RoomNeeds extends ListingNeeds {
  /** How its reporter marked each of `findings`. */
  markings(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, Tlp>>;
}

const Room = z.object({
  title: z.string(),
  package: z.string(),
  version: z.string(),
  recipe: z.string().nullable(),
});
const Finders = z.object({ finders: z.array(z.string()) });
const Joined = Finders.extend({ finding: z.string() });
const FindersByCase = z.object({
  from: z.string(),
  into: z.string(),
  finders: z.record(z.string(), z.array(z.string())),
});
const Split = FindersByCase.extend({
  openings: z.record(z.string(), Room.extend({ reproduced: z.boolean() })),
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
 * transaction.
 */
export async function followInRooms(
  tx: Transaction,
  event: Event,
  at: Instant,
  needs: RoomNeeds,
): Promise<void> {
  await followInRoom(tx, event, at, needs);
  await followOwners(tx, event, at);
  for (const caseId of casesIn(event)) {
    await relist(tx, { caseId, act: event.act, at, finding: findingIn(event) }, needs);
  }
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
    case 'correlate.opened':
      await insertRoom(tx, { id: event.subject, ...Room.parse(data), stage: 'received' }, at);
      return await finders(tx, event.subject, { list: Finders.parse(data).finders, at, needs });
    case 'correlate.joined': {
      const { finding, finders: list } = Joined.parse(data);
      return await join(tx, event.subject, { finding, list, at, needs });
    }
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
        if (id === moved.into) await insertRoom(tx, { id, ...opening, stage }, at);
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

async function finders(
  tx: Transaction,
  caseId: string,
  given: { readonly list: readonly string[]; readonly at: Instant; readonly needs: RoomNeeds },
): Promise<void> {
  await setFinders(tx, caseId, given.list, given.at);
  await refreshAudience(tx, caseId, given.needs);
}

/**
 * Finders change nothing about who sees what others handed in, but for what is marked CLEAR after
 * the embargo (VIS-6); so all other audiences stand: a case that a thousand scanners found takes
 * the next as fast as the first.
 */
async function join(
  tx: Transaction,
  caseId: string,
  given: Parameters<typeof finders>[2] & { readonly finding: string },
): Promise<void> {
  await setFinders(tx, caseId, given.list, given.at);
  const participants = await participantsOf(tx, caseId);
  await setAudience(tx, caseId, caseAudience(participants));
  const findings = await markedFindings(tx, caseId, given.needs);
  if (!findings.has(given.finding)) throw new Error(`${given.finding} is not in ${caseId}`);
  for (const [id, finding] of findings) {
    const widens = finding.marking === 'CLEAR' && finding.embargo === 'ended';
    if (id === given.finding || widens) {
      await setAudience(tx, id, findingAudience(finding, participants));
    }
  }
}

async function allFinders(
  tx: Transaction,
  byCase: Readonly<Record<string, readonly string[]>>,
  at: Instant,
  needs: RoomNeeds,
): Promise<void> {
  for (const [caseId, list] of Object.entries(byCase))
    await finders(tx, caseId, { list, at, needs });
}

async function refreshAudience(tx: Transaction, caseId: string, needs: RoomNeeds): Promise<void> {
  const participants: Participants = await participantsOf(tx, caseId);
  await setAudience(tx, caseId, caseAudience(participants));
  for (const [id, finding] of await markedFindings(tx, caseId, needs)) {
    await setAudience(tx, id, findingAudience(finding, participants));
  }
}

/** The findings of a case, with what says who may see them. */
async function markedFindings(
  tx: Transaction,
  caseId: string,
  needs: RoomNeeds,
): Promise<ReadonlyMap<string, MarkedFinding>> {
  const room = await roomOf(tx, caseId);
  if (room === null) throw new Error(`no room for ${caseId}`);
  const members = await needs.members(tx, caseId);
  const ids = members.map((member) => member.finding);
  const markings = await needs.markings(tx, ids);
  return new Map(
    members.map(({ finding, reporter }) => {
      const marking = markings.get(finding);
      if (marking === undefined) throw new Error(`${finding} bears no marking`);
      return [finding, { reporter, marking, embargo: room.embargo }];
    }),
  );
}
