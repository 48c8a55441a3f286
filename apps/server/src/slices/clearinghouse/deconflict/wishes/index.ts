export { wishesFor } from './for-claims.ts';
export type { WishesNeeds } from './needs.ts';
export { saidOfFindings } from './of-findings.ts';
export { programRoutes } from './programs.ts';
export { wishesRoutes } from './routes.ts';
