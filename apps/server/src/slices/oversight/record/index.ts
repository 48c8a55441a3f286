export { isShownAt } from './acts.ts';
export { exportOf } from './export.ts';
export { disclosureOf, recordRoutes } from './routes.ts';
export { contentsOf } from './store.ts';
