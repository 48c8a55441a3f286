export { followInRooms, type RoomNeeds } from './follow.ts';
export { type HandOverNeeds, handOver } from './hand-over.ts';
export { embargoHour, hourOf } from './jobs.ts';
export { listUnlisted } from './list/follow.ts';
export { findersOf, openedAt, roomForCorrelation, roomForPublication } from './port.ts';
export { coordinateRoutes } from './routes.ts';
export { roomOf, searchableCases, searchableMessages } from './store.ts';
export { casesSeen } from './views.ts';
