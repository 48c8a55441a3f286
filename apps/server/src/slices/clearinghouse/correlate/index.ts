export { mayGuess, place, reportedMembersOf } from './place.ts';
export { correlateRoutes } from './routes.ts';
export { caseOf, casesOf, countSeen, findDecision, membersOf, membersOfEach } from './store.ts';
