export { wishesAt } from './at-places.ts';
export { exportOf } from './export.ts';
export { type Objected, objectionAmong, wishesFor } from './for-claims.ts';
export type { WishesNeeds } from './needs.ts';
export { saidOfFindings } from './of-findings.ts';
export { programRoutes } from './programs.ts';
export { wishesRoutes } from './routes.ts';
export { objectorsAt, type WishesRow } from './store.ts';
