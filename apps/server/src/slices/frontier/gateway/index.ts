export { exportOf } from './export.ts';
export { follow } from './follow.ts';
export { createKeyBook, type KeyBook } from './keys/book.ts';
export type { FollowNeeds, GatewayNeeds } from './needs.ts';
export { type Gateway, type GatewayOptions, openGateway } from './open.ts';
export { closeIntervals } from './record/close.ts';
export { recordRoutes } from './record/routes.ts';
export { raiseIncidents } from './watch/raise.ts';

import type { Route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { allotmentRoutes } from './allotments/routes.ts';
import { cutRoutes } from './cut/routes.ts';
import { jobRoutes } from './jobs/routes.ts';
import { keyRoutes } from './keys/routes.ts';
import type { GatewayNeeds } from './needs.ts';
import { trafficRoutes } from './traffic/routes.ts';
import { upstreamRoutes } from './upstreams/routes.ts';
import { watchRoutes } from './watch/routes.ts';

/** The operations of this slice that are not of one request. */
export function gatewayRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  return [
    ...upstreamRoutes(services, needs),
    ...allotmentRoutes(services, needs),
    ...keyRoutes(services, needs),
    ...cutRoutes(services, needs),
    ...trafficRoutes(services, needs),
    ...jobRoutes(services, needs),
    ...watchRoutes(services, needs),
  ];
}
