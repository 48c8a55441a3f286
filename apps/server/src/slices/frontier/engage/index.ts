export { exportOf } from './export.ts';
export { follow, leavesWith } from './follow.ts';
export { engagementOf } from './look.ts';
export { engagementsOfModel } from './store.ts';
export { termsText } from './terms/text.ts';

import type { Route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import type { EngageNeeds } from './needs.ts';
import { engagementRoutes } from './routes.ts';
import { termsRoutes } from './terms/routes.ts';

/** The operations of this slice. */
export function engageRoutes(services: Services, needs: EngageNeeds): readonly Route[] {
  return [...engagementRoutes(services, needs), ...termsRoutes(services)];
}
