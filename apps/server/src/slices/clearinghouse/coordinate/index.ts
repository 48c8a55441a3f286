export { followInRooms } from './follow.ts';
export { embargoHour, hourOf } from './jobs.ts';
export { findersOf, openedAt, roomForCorrelation, roomForPublication } from './port.ts';
export { coordinateRoutes } from './routes.ts';
export { roomOf } from './store.ts';
