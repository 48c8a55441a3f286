import type { Instant, Tlp } from '@breakwater/kernel';
import { z } from 'zod';
import type { Grant } from '../../../platform/commands/audience.ts';
import type { Event } from '../../../platform/commands/commands.ts';
import { setAudiences } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { caseAudience, findingAudience, type MarkedFinding } from './audience.ts';
import { type ListingNeeds, type Member, relist } from './list/follow.ts';
import {
  insertRooms,
  type ParticipantRow,
  participantsOfEach,
  type RoomRow,
  roomsOf,
  setFinders,
} from './store.ts';

/** What keeping rooms asks of other slices; bound in slices/index.ts. */
export interface RoomNeeds extends ListingNeeds {
  reportersOf(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** How its reporter marked each of `findings`. */
  markings(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, Tlp>>;
}

/** What a case is called by when it opens. */
export const Opening = z.object({
  title: z.string(),
  package: z.string(),
  version: z.string(),
  recipe: z.string().nullable(),
});
const Arrived = z.object({ finding: z.string(), finders: z.array(z.string()) });

/** Acts by which a finding comes into a case. */
export const arrivalActs: readonly string[] = ['correlate.opened', 'correlate.joined'];

/** Takes in findings that came into cases: any number of them in the same few statements. */
export async function followArrivals(
  tx: Transaction,
  events: readonly Event[],
  at: Instant,
  needs: RoomNeeds,
): Promise<void> {
  if (events.length === 0) return;
  const opened = events.filter((event) => event.act === 'correlate.opened');
  await insertRooms(
    tx,
    opened.map(({ subject, data }) => ({ id: subject, ...Opening.parse(data), stage: 'received' })),
    at,
  );
  const finders = new Map<string, readonly string[]>();
  const arrived = new Map<string, string[]>();
  for (const { subject, data } of events) {
    const { finding, finders: list } = Arrived.parse(data);
    // Each names those before it too, so that the last of a case names them all.
    finders.set(subject, list);
    const findings = arrived.get(subject);
    if (findings === undefined) arrived.set(subject, [finding]);
    else findings.push(finding);
  }
  await setFinders(tx, finders, at);
  await writeAudiences(tx, arrived, needs);
  // Opened or joined: neither changes what a finder who was there before is shown.
  await relist(tx, { act: 'correlate.joined', at, cases: arrived }, needs);
}

/**
 * Finders change nothing about who sees what others handed in, but for what is marked CLEAR after
 * the embargo (VIS-6); so all other audiences stand: a case that a thousand scanners found takes
 * the next as fast as the first.
 */
async function writeAudiences(
  tx: Transaction,
  arrived: ReadonlyMap<string, readonly string[]>,
  needs: RoomNeeds,
): Promise<void> {
  const cases = [...arrived.keys()];
  const rooms = await roomsOf(tx, cases);
  const participants = await participantsOfEach(tx, cases);
  const of = (caseId: string): readonly ParticipantRow[] => participants.get(caseId) ?? [];
  const audiences = new Map<string, readonly Grant[]>(
    cases.map((id) => [id, caseAudience(of(id))] as const),
  );
  const members = await membersAsked(tx, { rooms, arrived }, needs);
  const findings = await marked(tx, members, needs);
  for (const { finding: id, caseId, isNew } of members) {
    const finding = findings.get(id);
    if (finding === undefined) throw new Error(`${id} is not in ${caseId}`);
    if (isNew || finding.marking === 'CLEAR') {
      audiences.set(id, findingAudience(finding, of(caseId)));
    }
  }
  await setAudiences(tx, audiences);
}

interface Asked extends Member, Pick<MarkedFinding, 'embargo'> {
  readonly caseId: string;
  readonly isNew: boolean;
}

/** What arrived, and all findings of the cases whose embargo is over. */
async function membersAsked(
  tx: Transaction,
  {
    rooms,
    arrived,
  }: {
    readonly rooms: ReadonlyMap<string, RoomRow>;
    readonly arrived: ReadonlyMap<string, readonly string[]>;
  },
  needs: RoomNeeds,
): Promise<readonly Asked[]> {
  const ended = [...rooms.values()].filter((room) => room.embargo === 'ended');
  const all = await needs.membersOf(
    tx,
    ended.map((room) => room.id),
  );
  const reporters = await needs.reportersOf(tx, [...arrived.values()].flat());
  return [...arrived].flatMap(([caseId, findings]) => {
    const embargo = rooms.get(caseId)?.embargo;
    if (embargo === undefined) throw new Error(`no room for ${caseId}`);
    const added = new Set(findings);
    const before = (all.get(caseId) ?? []).filter((member) => !added.has(member.finding));
    const come = findings.map((finding): Member => {
      const reporter = reporters.get(finding);
      if (reporter === undefined) throw new Error(`no finding ${finding}`);
      return { finding, reporter };
    });
    return [
      ...before.map((member) => ({ ...member, caseId, embargo, isNew: false })),
      ...come.map((member) => ({ ...member, caseId, embargo, isNew: true })),
    ];
  });
}

/** What says who may see each of these findings. */
export async function marked(
  tx: Transaction,
  members: readonly (Member & Pick<MarkedFinding, 'embargo'>)[],
  needs: RoomNeeds,
): Promise<ReadonlyMap<string, MarkedFinding>> {
  const ids = members.map((member) => member.finding);
  const markings = await needs.markings(tx, ids);
  return new Map(
    members.map(({ finding, reporter, embargo }) => {
      const marking = markings.get(finding);
      if (marking === undefined) throw new Error(`${finding} bears no marking`);
      return [finding, { reporter, marking, embargo }];
    }),
  );
}
