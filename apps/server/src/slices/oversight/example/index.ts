export { loadExample } from './load.ts';
export { exampleRoutes } from './routes.ts';
