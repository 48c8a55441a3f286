export { enterJob, entersFor } from './enter.ts';
export { keepEpochs } from './epochs.ts';
export type { PrecheckNeeds } from './needs.ts';
export { precheckRoutes } from './routes.ts';
