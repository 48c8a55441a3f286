import type { Json } from '@breakwater/kernel';
import type { Event, JobRequest, Reactions } from '../platform/commands/commands.ts';
import { noteChanges } from '../platform/search/store.ts';
import * as collect from './clearinghouse/collect/index.ts';
import * as coordinate from './clearinghouse/coordinate/index.ts';
import * as correlate from './clearinghouse/correlate/index.ts';
import * as deconflict from './clearinghouse/deconflict/index.ts';
import * as distribute from './clearinghouse/distribute/index.ts';
import * as validate from './clearinghouse/validate/index.ts';
import * as verify from './clearinghouse/verify/index.ts';
import * as earlyAccess from './frontier/early-access/index.ts';
import * as engage from './frontier/engage/index.ts';
import * as gateway from './frontier/gateway/index.ts';
import * as partners from './frontier/partners/index.ts';
import * as notify from './oversight/notify/index.ts';
import { changedBy } from './searchable.ts';

/** What a room of a case is filled from. */
export const roomNeeds: coordinate.RoomNeeds = {
  membersOf: (reader, cases) =>
    correlate.reportedMembersOf(reader, cases, { reportersOf: collect.reportersOf }),
  reportersOf: collect.reportersOf,
  markings: collect.markingsOf,
  proofs: validate.newestOfEach,
  patch: verify.newestPatch,
  lastProposed: verify.lastProposed,
};

/** What early access asks of engagements. */
export const accessNeeds: earlyAccess.EarlyAccessNeeds = {
  engagementOf: engage.engagementOf,
  engagementsOf: engage.engagementsOfModel,
};

/** What the gateway asks of what its keys stand on. */
export const gatewayFollowNeeds: gateway.FollowNeeds = {
  async windowBehind(reader, window) {
    const id = await earlyAccess.engagementOfWindow(reader, window);
    const engagement = id === null ? null : await engage.engagementOf(reader, id);
    return engagement && { developer: engagement.developer, model: engagement.model };
  },
  async insideOf(reader, id) {
    const engagement = await engage.engagementOf(reader, id);
    if (engagement === null) return null;
    const windows = await earlyAccess.windowsOf(reader, [id]);
    return { model: engagement.model, windows: windows.map((window) => window.id) };
  },
};

/** What follows from what: every reaction of one slice to an event of another, in one place. */
export const reactions: Reactions = {
  /** In the same transaction: rooms keep step with every decision, and every search hears of it. */
  async follow(tx, events, at) {
    await coordinate.followInRooms(tx, events, at, roomNeeds);
    for (const event of events) {
      await distribute.followLeaving(tx, event, at);
      await partners.followLeaving(tx, event, at);
    }
    for (const event of events) {
      await engage.follow(tx, event, at);
      await earlyAccess.follow(tx, event, { at, needs: accessNeeds });
    }
    for (const event of events) {
      await gateway.follow(tx, event, { at, needs: gatewayFollowNeeds });
    }
    await noteChanges(tx, events.flatMap(changedBy), at);
  },
  /** After commit, at their own pace. */
  jobs: (events) => [
    ...validate.startsFor(events.flatMap(arrivedIn)),
    ...deconflict.entersFor(events),
    ...events.flatMap(deconflict.endsFor),
    ...events.flatMap((e) => [...(jobsAfter[e.act]?.(e) ?? []), ...notify.tellingOf(e)]),
  ],
};

/** The finding that came into a case by this event. */
function arrivedIn(event: Event): readonly Json[] {
  const arrived = event.act === 'correlate.opened' || event.act === 'correlate.joined';
  return arrived ? [field(event, 'finding')] : [];
}

const jobsAfter: Readonly<Record<string, (event: Event) => readonly JobRequest[]>> = {
  'validate.requested': (e) => [
    { job: 'validate.run', payload: { validation: field(e, 'validation') } },
  ],
  'verify.proposed': (e) => [
    { job: 'verify.run', payload: { verification: field(e, 'verification') } },
  ],
  'discover.started': (e) => [{ job: 'discover.run', payload: { campaign: field(e, 'campaign') } }],
  'coordinate.embargo-set': (e) => [coordinate.hourOf(e)],
  'distribute.published': (e) => [
    { job: 'distribute.match', payload: { advisory: field(e, 'advisory') } },
  ],
  'distribute.revised': (e) => [
    { job: 'distribute.match', payload: { advisory: field(e, 'advisory') } },
  ],
  'distribute.inventory-added': (e) => [
    { job: 'distribute.match-inventory', payload: { inventory: field(e, 'inventory') } },
  ],
  'distribute.inventory-replaced': (e) => [
    { job: 'distribute.match-inventory', payload: { inventory: field(e, 'inventory') } },
  ],
  'distribute.inventory-changed': (e) => [
    { job: 'distribute.match-inventory', payload: { inventory: field(e, 'inventory') } },
  ],
};

function field(event: Event, name: string): Json {
  const value = event.data[name];
  if (value === undefined) throw new Error(`${event.act} carries no ${name}`);
  return value;
}
