export {
  sendDue,
  sendNews,
  sendSecurity,
  sendUrgent,
  tell,
  tellingOf,
  tellStopped,
} from './jobs.ts';
export { notifyRoutes } from './routes.ts';
export { serveUnsubscribe } from './unsubscribe.ts';
