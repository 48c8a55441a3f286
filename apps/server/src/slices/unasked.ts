import type { Services } from '../services.ts';
import * as collect from './clearinghouse/collect/index.ts';
import * as coordinate from './clearinghouse/coordinate/index.ts';
import * as correlate from './clearinghouse/correlate/index.ts';
import * as deconflict from './clearinghouse/deconflict/index.ts';
import * as distribute from './clearinghouse/distribute/index.ts';
import * as earlyAccess from './frontier/early-access/index.ts';
import * as gateway from './frontier/gateway/index.ts';
import * as notify from './oversight/notify/index.ts';
import * as record from './oversight/record/index.ts';
import { roomNeeds } from './reactions.ts';

/** Puts the cases of an installation that is older than the lists into them. */
export async function listOlderCases(services: Services): Promise<void> {
  await coordinate.listUnlisted(services, roomNeeds);
}

/** Has lists compared that are older than the count of what could not be decided. */
export const compareOlderLists: (services: Services) => Promise<void> = distribute.compareOlder;

/** Keeps the keys of the pre-check as young as they have to be, and all that is known under them. */
export const keepEpochs = async (services: Services): Promise<void> =>
  await deconflict.keepEpochs(services, precheckNeeds(services));

/**
 * Enters the requests that were settled since the last time in the log, as one act, and tells
 * developers what the watch said of them.
 */
export const closeIntervals = async (services: Services): Promise<void> => {
  await gateway.closeIntervals(services);
  await gateway.raiseIncidents(services);
};

/**
 * Warns of claims that end, ends those that have, and grants what is free to who waits; marks the
 * windows of early access that the clock went past.
 */
export const passTime = async (services: Services): Promise<void> => {
  await deconflict.tickClaims(services);
  await earlyAccess.keepOver(services.database, services.clock.now());
};

/** Sends the mail whose hour has come. */
export const sendDue: (services: Services) => Promise<void> = notify.sendDue;

/** Keeps the counts of the coordinators' funnel few to add up. */
export async function foldCounts({ database }: Services): Promise<void> {
  await coordinate.foldTally(database);
}

/** Finds the cases of findings that waited for a day with room. */
export const placeWaiting = async (services: Services): Promise<void> =>
  await collect.placeWaiting(services, placing);

/** How a finding finds its case. */
export const placing: Pick<collect.CollectNeeds, 'mayGuess' | 'place'> = {
  mayGuess: correlate.mayGuess,
  async place(tx, arrivals, given) {
    const needs = { reportersOf: collect.reportersOf, openedAtOf: coordinate.openedAtOf };
    const placed = await correlate.place(tx, arrivals, { ...given, needs });
    const joined = placed.flatMap((each) => (each?.opened === false ? [each.case] : []));
    const advisories = await coordinate.advisoriesOf(tx, [...new Set(joined)]);
    return placed.map((each) => each && { ...each, advisory: advisories.get(each.case) ?? null });
  },
};

/** What the pre-check asks of findings and cases. */
export function precheckNeeds(services: Services): deconflict.PrecheckNeeds {
  return {
    checkable: (findings) => collect.checkableFindings(services, findings),
    findingsBeyond: collect.findingsBeyond,
    countFindings: collect.countFindings,
    reportersOf: collect.reportersOf,
    casesOf: correlate.casesOf,
    disclosureOf: (subject, act) => record.disclosureOf(services, subject, act),
  };
}
