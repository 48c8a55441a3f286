export { exportOf } from './export.ts';
export { follow } from './follow.ts';
export { engagementOfWindow, grantStanding, grantsOfMember } from './look.ts';
export type { EarlyAccessNeeds } from './needs.ts';
export { owedOfAccess } from './owed.ts';
export { keepOver, windowsOf } from './store.ts';

import type { Route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { grantRoutes } from './grant-routes.ts';
import type { RouteNeeds } from './needs.ts';
import { useRoutes } from './use-routes.ts';
import { windowRoutes } from './window-routes.ts';

/** The operations of this slice. */
export function earlyAccessRoutes(services: Services, needs: RouteNeeds): readonly Route[] {
  return [
    ...windowRoutes(services, needs),
    ...grantRoutes(services, needs),
    ...useRoutes(services, needs),
  ];
}
