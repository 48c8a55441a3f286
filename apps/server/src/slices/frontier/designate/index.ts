export { decide } from './decide.ts';
export { evolve } from './evolve.ts';
export { exportOf } from './export.ts';
export { type Command, type Event, type Facts, type Matter, nothingYet } from './model.ts';
export { designationRoutes as designateRoutes } from './routes.ts';
