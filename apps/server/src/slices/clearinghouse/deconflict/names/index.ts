export { namesRoutes } from './routes.ts';
