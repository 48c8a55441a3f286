export { isShownAt } from './acts.ts';
export { exportOf } from './export.ts';
export { actsOn, disclosureOf, proofOf, recordRoutes } from './routes.ts';
export { committedAt, contentsOf } from './store.ts';
