export { createFeeds } from './feeds.ts';
export { deadlineOf, prioritiesOf, prioritizeRoutes } from './routes.ts';
