export {
  authorizationJobs,
  authorizationRoutes,
  placeOfWork,
} from './authorization/index.ts';
export { claimForCampaign, releaseAfterCampaign } from './claim/campaign.ts';
export { claimRoutes, tickClaims } from './claim/index.ts';
export { namesRoutes } from './names/index.ts';
export { endClaimsJob, endsFor } from './opted-out.ts';
export { peersRoutes, serveClaimCheck } from './peers/index.ts';
export {
  enterJob,
  entersFor,
  keepEpochs,
  type PrecheckNeeds,
  precheckRoutes,
} from './precheck/index.ts';
export {
  exportOf,
  programRoutes,
  saidOfFindings,
  type WishesNeeds,
  wishesFor,
  wishesRoutes,
} from './wishes/index.ts';
