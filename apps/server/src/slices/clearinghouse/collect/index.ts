export { creditLines } from './credit.ts';
export { exportOf } from './export.ts';
export { claimedSignature, openingOf, ownAmong, submitAs, visibleFinding } from './port.ts';
export { type CollectNeeds, collectRoutes } from './routes.ts';
export { searchableFindings } from './searchable.ts';
export {
  anyFinding,
  findingForProof,
  foundFindings,
  markingsOf,
  reportersOf,
  visibleOf,
} from './store.ts';
