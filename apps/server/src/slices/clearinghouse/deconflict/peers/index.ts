export type { LocatedFinding, PeersNeeds } from './claim-check.ts';
export { peersRoutes, serveClaimCheck } from './serve.ts';
