export { checkableFindings } from './checkable/checkable.ts';
export { countFindings, findingsBeyond } from './checkable/store.ts';
export { creditLines } from './credit.ts';
export { exportOf } from './export.ts';
export { filesHolding } from './import/store.ts';
export { locatedFindings } from './located.ts';
export type { CollectNeeds } from './needs.ts';
export { claimedSignature, openingOf, ownAmong, submitAs, visibleFinding } from './port.ts';
export { collectRoutes } from './routes.ts';
export { searchableFindings } from './searchable.ts';
export {
  anyFinding,
  findingForProof,
  findingsForProof,
  foundFindings,
  markingsOf,
  reportersOf,
  reportsOf,
  visibleOf,
} from './store.ts';
export { placeWaiting } from './waiting/place-waiting.ts';
