export { isShownAt } from './acts.ts';
export { exportOf } from './export.ts';
export { recordRoutes } from './routes.ts';
