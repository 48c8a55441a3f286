import type { Route } from '../route.ts';
import type { Services } from '../services.ts';
import * as collect from './clearinghouse/collect/index.ts';
import * as benchmark from './frontier/benchmark/index.ts';
import * as designate from './frontier/designate/index.ts';
import * as earlyAccess from './frontier/early-access/index.ts';
import * as engage from './frontier/engage/index.ts';
import * as gateway from './frontier/gateway/index.ts';
import * as partners from './frontier/partners/index.ts';
import * as record from './oversight/record/index.ts';
import { accessNeeds, gatewayFollowNeeds } from './reactions.ts';

const partnersNeeds: partners.PartnersNeeds = {
  async developerOf(reader, model) {
    const [first] = await engage.engagementsOfModel(reader, model);
    return first === undefined
      ? null
      : ((await engage.engagementOf(reader, first))?.developer ?? null);
  },
  async windowOf(reader, model, now) {
    const engagements = await engage.engagementsOfModel(reader, model);
    const windows = await earlyAccess.windowsOf(reader, engagements);
    const open = windows.filter(({ ended_at, ends }) => ended_at === null && ends > now);
    const begins = open.map((window) => window.begins).toSorted()[0];
    const ends = open
      .map((window) => window.ends)
      .toSorted()
      .at(-1);
    return begins === undefined || ends === undefined ? null : { begins, ends };
  },
};

const gatewayNeeds: gateway.GatewayNeeds = {
  ...gatewayFollowNeeds,
  grantStanding: (reader, grant, now) =>
    earlyAccess.grantStanding(reader, accessNeeds, { grant, now }),
  grantsOfMember: earlyAccess.grantsOfMember,
  partnershipStanding: (reader, partner, now) =>
    partners.partnershipStanding(reader, partnersNeeds, { partner, now }),
  partnershipsOf: partners.partnershipsOf,
  tierBehind: partners.tierBehind,
  developerOf: (reader, model) => partnersNeeds.developerOf(reader, model),
};

/** What a process of the gateway asks of keys, and of what changed of them. */
export function keyBookOf(services: gateway.GatewayOptions['services']): gateway.KeyBook {
  return gateway.createKeyBook(services, gatewayNeeds);
}

/** Opens the gateway in this process: beside the server, or within it. */
export async function openGateway(
  options: Omit<gateway.GatewayOptions, 'book'>,
): Promise<gateway.Gateway> {
  return await gateway.openGateway({ ...options, book: keyBookOf(options.services) });
}

type LogNeeds = Pick<
  Parameters<typeof designate.designateRoutes>[1],
  'actsOn' | 'disclosureOf' | 'proofOf'
>;

/** The routes of the frontier, each slice with what it needs of the others in its hand. */
export function frontierRoutes(services: Services): readonly Route[] {
  const log: LogNeeds = {
    disclosureOf: (subject, act) => record.disclosureOf(services, subject, act),
    actsOn: (subject, reader) => record.actsOn(services, subject, reader),
    proofOf: (asked, actor) => record.proofOf(services, asked, actor),
  };
  return [
    ...benchmark.benchmarkRoutes(services, log),
    ...engage.engageRoutes(services, { ...log, owedOfAccess: earlyAccess.owedOfAccess }),
    ...designate.designateRoutes(services, {
      ...log,
      engagementOf: engage.engagementOf,
      evidenceRun: benchmark.evidenceRun,
      countEvidence: benchmark.countEvidence,
      countLike: benchmark.countLike,
      async evidence(runs) {
        const samples = await benchmark.evidenceOf(services, runs);
        if (samples === null) return null;
        return {
          samples,
          accuracyOf(some, of) {
            const chosen = new Set<unknown>(some);
            return benchmark.accuracyOf(
              samples.filter((each) => chosen.has(each)),
              of,
            );
          },
        };
      },
      committedAt: record.committedAt,
    }),
    ...earlyAccess.earlyAccessRoutes(services, {
      ...log,
      ...accessNeeds,
      termsText: (engagement, terms) => engage.termsText(services, engagement, terms),
      isOwnFinding: async (reader, finding, actor) =>
        (await collect.ownAmong(reader, [finding], actor)).has(finding),
    }),
    ...partners.partnersRoutes(services, partnersNeeds),
    ...gateway.gatewayRoutes(services, gatewayNeeds),
    ...gateway.recordRoutes(services, log),
  ];
}
