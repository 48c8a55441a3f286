export { claimedSignature, openingOf, ownAmong, submitAs, visibleFinding } from './port.ts';
export { type CollectNeeds, collectRoutes } from './routes.ts';
export { findingForProof, reportersOf, visibleOf } from './store.ts';
