export { serveCsaf } from './csaf/serve.ts';
export { exportOf } from './export.ts';
export { followLeaving } from './helper/follow.ts';
export { helperExpired } from './helper/routes.ts';
export { createExposure, type MatchNeeds, matchAdvisory, matchInventoryJob } from './jobs.ts';
export { distributeRoutes } from './routes.ts';
export {
  foundByIds,
  searchableAdvisories,
  searchableInventories,
  searchableNotices,
} from './search-store.ts';
export { countInventories, takeOut } from './store.ts';
export { compareOlder } from './undecided.ts';
export { publicFixes } from './versions/store.ts';
