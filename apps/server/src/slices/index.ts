import { narrowest } from '@breakwater/kernel';
import type { App } from '../http.ts';
import type { Reader } from '../platform/database/database.ts';
import { closeParties } from '../platform/directory/close-parties.ts';
import type { ExportNeeds } from '../platform/directory/export-source.ts';
import { directoryJobs, directoryRoutes } from '../platform/directory/routes.ts';
import type { Edge } from '../platform/edge/edge.ts';
import { liveRoutes } from '../platform/live/routes.ts';
import { organizationRoutes } from '../platform/organizations/routes.ts';
import type { WeighedFacts } from '../platform/policy/permit.ts';
import { policyRoutes } from '../platform/policy/routes.ts';
import type { JobHandler } from '../platform/queue/queue.ts';
import { searchRoutes } from '../platform/search/routes.ts';
import type { Route } from '../route.ts';
import type { Services } from '../services.ts';
import * as collect from './clearinghouse/collect/index.ts';
import * as coordinate from './clearinghouse/coordinate/index.ts';
import * as correlate from './clearinghouse/correlate/index.ts';
import * as deconflict from './clearinghouse/deconflict/index.ts';
import * as discover from './clearinghouse/discover/index.ts';
import * as distribute from './clearinghouse/distribute/index.ts';
import * as prioritize from './clearinghouse/prioritize/index.ts';
import * as validate from './clearinghouse/validate/index.ts';
import * as verify from './clearinghouse/verify/index.ts';
import * as benchmark from './frontier/benchmark/index.ts';
import * as designate from './frontier/designate/index.ts';
import * as earlyAccess from './frontier/early-access/index.ts';
import * as engage from './frontier/engage/index.ts';
import * as gateway from './frontier/gateway/index.ts';
import * as partners from './frontier/partners/index.ts';
import { frontierRoutes } from './frontier.ts';
import * as example from './oversight/example/index.ts';
import * as notify from './oversight/notify/index.ts';
import * as record from './oversight/record/index.ts';
import { matchingCases, searchNeeds } from './searchable.ts';
import { placing, precheckNeeds } from './unasked.ts';

export { keyBookOf, openGateway } from './frontier.ts';
export { reactions } from './reactions.ts';
export {
  closeIntervals,
  compareOlderLists,
  foldCounts,
  keepEpochs,
  listOlderCases,
  passTime,
  placeWaiting,
  sendDue,
} from './unasked.ts';

const wishesNeeds: deconflict.WishesNeeds = {
  async paceOf(reader, owner, at) {
    const pace = await coordinate.paceOf(reader, owner);
    const pause = coordinate.pauseAt(pace, at);
    return {
      capacityPerWeek: pace.capacityPerWeek,
      paused: pause !== null,
      pausedUntil: pause?.until ?? null,
    };
  },
};

/** Whether a reader of `level` may know of an act: what the timeline shows, nothing else tells. */
export const actIsShown: (act: string, level: number) => boolean = record.isShownAt;

/** What is reached without being an operation of the contract. */
export function serveDoors(app: App, services: Services, edge: Edge): void {
  notify.serveUnsubscribe(app, services);
  distribute.serveCsaf(app, services, edge);
  const needs = {
    findingsBeyond: collect.findingsBeyond,
    located: (findings: readonly string[]) => collect.locatedFindings(services, findings),
  };
  deconflict.serveClaimCheck(app, { services, edge, needs });
}

export interface Slices {
  /** What the policies weigh. */
  readonly facts: WeighedFacts;
  readonly routes: readonly Route[];
  readonly jobs: Readonly<Record<string, JobHandler>>;
}

/**
 * Binds the slices to each other. A slice names what it needs of the others as an interface of its
 * own; here, and nowhere else, one slice's door is put into another's hand.
 */
export function createSlices(services: Services): Slices {
  const feeds = prioritize.createFeeds(services);
  const exposure = distribute.createExposure(services);

  const collectNeeds: collect.CollectNeeds = {
    recipePackage: async (reader, name) =>
      (await validate.findRecipe(reader, name))?.package ?? null,
    ...placing,
    casesOf: correlate.casesOf,
    notWanted: (drafts, now) => deconflict.saidOfFindings(services, drafts, now),
    async became(reader, findings) {
      const cases = await correlate.casesOf(reader, findings);
      const far = await coordinate.farOf(reader, [...new Set(cases.values())]);
      const verdicts = await validate.newestVerdicts(reader, findings);
      const nothing = { stage: null, embargo: null, advisory: null };
      return new Map(
        findings.map((finding) => {
          const id = cases.get(finding) ?? null;
          const about = id === null ? nothing : (far.get(id) ?? nothing);
          return [finding, { case: id, ...about, verdict: verdicts.get(finding) ?? null }];
        }),
      );
    },
  };
  const validateNeeds: validate.ValidateRouteNeeds = {
    finding: collect.findingForProof,
    findings: collect.findingsForProof,
    caseOf: correlate.caseOf,
    claimedSignature: (finding) => collect.claimedSignature(services, finding),
    visibleFindings: async (reader, caseId, actor) => {
      const members = await correlate.membersOf(reader, caseId);
      return await collect.visibleOf(
        reader,
        members.map((m) => m.finding),
        actor,
      );
    },
  };
  const anyRed = async (reader: Reader, findings: readonly string[]) =>
    narrowest([...(await collect.markingsOf(reader, findings)).values()]) === 'RED';
  const verifyNeeds: verify.VerifyRouteNeeds = {
    async proofs(reader, caseId) {
      const room = await coordinate.roomOf(reader, caseId);
      if (room === null || room.recipe === null) return null;
      const members = await correlate.membersOf(reader, caseId);
      const proofs = await validate.reproducedProofs(services, reader, {
        findings: members.map((m) => m.finding),
        needs: validateNeeds,
      });
      return { recipe: room.recipe, proofs };
    },
    anyRed,
    recipeFiles: (name) => validate.recipeFiles(services, name),
    attest: (kept) => validate.attestRecord(services, kept),
    keepAttestation: validate.insertAttestation,
    mergedInto: async (reader, caseId) =>
      (await coordinate.roomOf(reader, caseId))?.merged_into ?? null,
    attemptView: validate.attemptView,
    visibleFindings: async (...asked) => await validateNeeds.visibleFindings(...asked),
  };
  const discoverNeeds: discover.DiscoverNeeds = {
    recipe: validate.findRecipe,
    recipeFiles: (name) => validate.recipeFiles(services, name),
    submit: (crash, by, key) => collect.submitAs(services, collectNeeds, { crash, by, key }),
    release: (done) => deconflict.releaseAfterCampaign(services, done),
  };
  const handOverNeeds: coordinate.HandOverNeeds = {
    async isReproduced(reader, caseId) {
      const members = await correlate.membersOf(reader, caseId);
      return await validate.isReproduced(
        reader,
        members.map((m) => m.finding),
      );
    },
    isRed: async (reader, caseId) => (await facts.markingOf(reader, caseId)) === 'RED',
    priorities: prioritize.prioritiesOf,
  };
  const matchNeeds: distribute.MatchNeeds = {
    deadline: (given) => prioritize.deadlineOf(services, feeds, given),
    patch: (reader, patch) => verify.publishedPatch(services, reader, patch),
  };

  const facts: WeighedFacts = {
    caseOfJoin: async (reader, join) => (await correlate.findDecision(reader, join))?.from ?? null,
    async markingOf(reader, caseId) {
      const members = await correlate.membersOf(reader, caseId);
      const findings = members.map((m) => m.finding);
      return narrowest([...(await collect.markingsOf(reader, findings)).values()]);
    },
  };

  const caseNeeds: Parameters<typeof coordinate.casesSeen>[1] = {
    async ownFindings(reader, cases, actor) {
      const members = await correlate.membersOfEach(reader, cases);
      const own = await collect.ownAmong(reader, [...members.values()].flat(), actor);
      return new Map(
        [...members].flatMap(([id, findings]) => {
          const newest = findings.flatMap((finding) => own.get(finding) ?? []).at(-1);
          return newest === undefined ? [] : [[id, newest] as const];
        }),
      );
    },
    countFindings: correlate.countSeen,
    async reportsOf(reader, cases) {
      const members = await correlate.membersOfEach(reader, cases);
      const firsts = [...members].flatMap(([id, [first]]) => (first ? [[id, first] as const] : []));
      const brought = await collect.reportsOf(
        reader,
        firsts.map(([, first]) => first),
      );
      return new Map(
        firsts.flatMap(([id, first]) => {
          const report = brought.get(first);
          return report === undefined ? [] : [[id, report] as const];
        }),
      );
    },
  };

  const exportNeeds: ExportNeeds = {
    exports: [
      collect.exportOf,
      coordinate.exportOf,
      verify.exportOf,
      distribute.exportOf(services),
      deconflict.exportOf,
      benchmark.exportOf,
      engage.exportOf,
      designate.exportOf,
      earlyAccess.exportOf,
      partners.exportOf,
      gateway.exportOf,
      record.exportOf,
    ],
    facts,
    routes: () => slices.routes,
    leaves: engage.leavesWith,
    async ownedCases(reader, owner) {
      const cases = await coordinate.ownedCases(reader, owner);
      const owned = [];
      for (const id of cases) {
        owned.push({ case: id, reproduced: await handOverNeeds.isReproduced(reader, id) });
      }
      return owned;
    },
  };

  const slices: Slices = {
    facts,
    routes: [
      ...searchRoutes(services.search, searchNeeds(services, caseNeeds)),
      ...directoryRoutes(services, exportNeeds),
      ...organizationRoutes(services),
      ...policyRoutes(services),
      ...discover.discoverRoutes(services, {
        ...discoverNeeds,
        claimFor: (wish) => deconflict.claimForCampaign(services, wish),
        placeOf: deconflict.placeOfWork,
      }),
      ...collect.collectRoutes(services, collectNeeds),
      ...correlate.correlateRoutes(services, {
        reportersOf: collect.reportersOf,
        openedAtOf: coordinate.openedAtOf,
        findingView: (finding, actor) =>
          collect.visibleFinding(services, collectNeeds, finding, actor),
        openingOf: collect.openingOf,
        isReproduced: validate.isReproduced,
        room: coordinate.roomForCorrelation,
      }),
      ...validate.validateRoutes(services, validateNeeds),
      ...deconflict.claimRoutes(services, wishesNeeds),
      ...deconflict.authorizationRoutes(services, { stopCampaigns: discover.stopCampaigns }),
      ...deconflict.wishesRoutes(services, wishesNeeds),
      ...deconflict.namesRoutes(services),
      ...deconflict.programRoutes(services),
      ...deconflict.peersRoutes(services, {
        async heldFixes(reader, limit) {
          const fixes = await distribute.publicFixes(reader, limit);
          const verified = await verify.verifiedAt(
            reader,
            fixes.map(({ patch }) => patch),
          );
          return fixes.flatMap(({ id, osv, patch }) => {
            const verifiedAt = verified.get(patch);
            if (verifiedAt === undefined) return [];
            const packages = (osv.affected ?? []).flatMap((each) => each.package?.purl ?? []);
            const mended = (osv.references ?? []).flatMap(({ type, url }) =>
              type === 'FIX' ? [url] : [],
            );
            return [{ id, aliases: osv.aliases ?? [], packages, fixes: mended, verifiedAt }];
          });
        },
      }),
      ...deconflict.precheckRoutes(services, precheckNeeds(services)),
      ...prioritize.prioritizeRoutes(services, feeds, { openedAt: coordinate.openedAt }),
      ...coordinate.coordinateRoutes(services, {
        ...handOverNeeds,
        ...caseNeeds,
        matching: (actor, text, limit) => matchingCases(services, actor, { text, limit }),
      }),
      ...verify.verifyRoutes(services, verifyNeeds),
      ...distribute.distributeRoutes(
        services,
        {
          room: coordinate.roomForPublication,
          patchState: (reader, patch, caseId) =>
            verify.patchState(services, reader, {
              patch,
              caseId,
              async mayGoOut(findings) {
                const members = await correlate.membersOf(reader, caseId);
                const here = new Set<string>(members.map((m) => m.finding));
                return findings.every((id) => here.has(id)) && !(await anyRed(reader, findings));
              },
            }),
          finders: coordinate.findersOf,
          creditLines: (finders) => collect.creditLines(services, finders),
          contentsOf: record.contentsOf,
        },
        exposure,
      ),
      ...frontierRoutes(services),
      ...record.recordRoutes(services, { holding: collect.filesHolding }),
      ...example.exampleRoutes(services, {
        isEmpty: async (reader) =>
          !(await collect.anyFinding(reader)) && (await distribute.countInventories(reader)) === 0,
        contentsOf: record.contentsOf,
        async holdOthers(reader, cases, findings) {
          const members = await correlate.membersOfEach(reader, cases);
          return [...members.values()].flat().some((id) => !findings.includes(id));
        },
        takeOut: distribute.takeOut,
        takeFromLists: coordinate.takeFromLists,
        closeParties,
      }),
      ...notify.notifyRoutes(services),
      ...liveRoutes(services),
    ],
    jobs: {
      ...directoryJobs(services),
      'notify.tell': notify.tell(services),
      'notify.send': notify.sendNews(services),
      'notify.security': notify.sendSecurity(services),
      'notify.stopped': notify.tellStopped(services),
      'notify.urgent': notify.sendUrgent(services),
      'validate.start': validate.startValidation(services, validateNeeds),
      'validate.run': validate.runValidation(services, validateNeeds),
      'verify.run': verify.runVerification(services, verifyNeeds),
      'discover.run': discover.runCampaignJob(services, discoverNeeds),
      ...deconflict.authorizationJobs(services),
      'deconflict.end-opted-out': deconflict.endClaimsJob(services),
      'deconflict.precheck-enter': deconflict.enterJob(services, precheckNeeds(services)),
      'partners.mail': partners.sendMail(services),
      'coordinate.embargo-hour': coordinate.embargoHour(services),
      'coordinate.hand-over': coordinate.handOver(services, handOverNeeds),
      'example.load': example.loadExample(services, { facts, routes: () => slices.routes }),
      'distribute.helper-expired': distribute.helperExpired(services),
      'distribute.match': distribute.matchAdvisory(services, exposure, matchNeeds),
      'distribute.match-inventory': distribute.matchInventoryJob(services, exposure, matchNeeds),
    },
  };
  return slices;
}
