export { sendDue, sendNews, sendSecurity, tell, tellingOf } from './jobs.ts';
export { notifyRoutes } from './routes.ts';
export { serveUnsubscribe } from './unsubscribe.ts';
