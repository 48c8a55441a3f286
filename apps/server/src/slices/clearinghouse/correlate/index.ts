export { place, reportedMembers } from './place.ts';
export { correlateRoutes } from './routes.ts';
export { caseOf, membersOf } from './store.ts';
