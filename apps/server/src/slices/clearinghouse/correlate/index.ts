export { place, reportedMembers } from './place.ts';
export { correlateRoutes } from './routes.ts';
export { caseOf, countMembers, membersOf, membersOfEach } from './store.ts';
