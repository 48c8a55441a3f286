import type { JobHandler } from '../../../../platform/queue/queue.ts';
import type { Route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { controlRoutes } from './control-routes.ts';
import { proveAgainJob } from './look.ts';
import { scopeRoutes } from './routes.ts';
import type { StopNeeds } from './stop.ts';
import { stopRoutes } from './stop-routes.ts';

export { controlOf, type LeaveFacts, leaveAt } from './decide.ts';
export { leaveFacts, noLeaveFacts, placeOfWork, placesAsked, stoppedByOwner } from './leave.ts';
export type { StopNeeds } from './stop.ts';

/** Whose a target is, what its owner allows there, and the stop switch. */
export function authorizationRoutes(services: Services, needs: StopNeeds): readonly Route[] {
  return [...controlRoutes(services), ...scopeRoutes(services), ...stopRoutes(services, needs)];
}

/** What is done by the hour. */
export function authorizationJobs(services: Services): Readonly<Record<string, JobHandler>> {
  return { 'deconflict.prove-again': proveAgainJob(services) };
}
