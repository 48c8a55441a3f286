export type { RoomNeeds } from './arrivals.ts';
export { exportOf } from './export.ts';
export { followInRooms } from './follow.ts';
export { embargoHour, hourOf } from './jobs.ts';
export { listUnlisted, takeFromLists } from './list/follow.ts';
export { foldTally } from './list/store.ts';
export { type HandOverNeeds, handOver } from './owner/hand-over.ts';
export { pauseAt } from './owner/pace.ts';
export { paceOf } from './owner/store.ts';
export { ownedCases } from './owner-left.ts';
export {
  advisoriesOf,
  farOf,
  findersOf,
  openedAt,
  openedAtOf,
  roomForCorrelation,
  roomForPublication,
} from './port.ts';
export { coordinateRoutes } from './routes.ts';
export { roomOf, searchableCases, searchableMessages } from './store.ts';
export { casesSeen } from './views.ts';
