export { type DiscoverNeeds, runCampaignJob } from './jobs.ts';
export { discoverRoutes } from './routes.ts';
export { stopCampaigns } from './store.ts';
