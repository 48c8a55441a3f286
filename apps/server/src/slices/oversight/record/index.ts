export { exportOf } from './export.ts';
export { recordRoutes } from './routes.ts';
