export { exportOf } from './export.ts';
export { runVerification } from './jobs.ts';
export { patchState, publishedPatch } from './port.ts';
export { type VerifyRouteNeeds, verifyRoutes } from './routes.ts';
export { lastProposed, newestPatch, verifiedAt } from './store.ts';
