export { exportOf } from './export.ts';
export { followLeaving } from './helper/follow.ts';
export { helperExpired } from './helper/routes.ts';
export { createExposure, type MatchNeeds, matchAdvisory, matchInventoryJob } from './jobs.ts';
export { distributeRoutes } from './routes.ts';
export {
  countInventories,
  foundByIds,
  searchableAdvisories,
  searchableInventories,
  searchableNotices,
  takeOut,
} from './store.ts';
