export { exportOf } from './export.ts';
export { designationRoutes as designateRoutes } from './routes.ts';
