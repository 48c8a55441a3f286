export { createExposure, type MatchNeeds, matchAdvisory, matchInventoryJob } from './jobs.ts';
export { distributeRoutes } from './routes.ts';
