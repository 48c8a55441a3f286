export { peersRoutes, serveClaimCheck } from './serve.ts';
