export { createFeeds } from './feeds.ts';
export { deadlineOf, prioritizeRoutes } from './routes.ts';
