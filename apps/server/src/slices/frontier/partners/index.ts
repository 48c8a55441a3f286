export { exportOf } from './export.ts';

import type { Route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { applicationRoutes } from './application/routes.ts';
import { criteriaRoutes } from './criteria/routes.ts';
import { fairnessRoutes } from './fairness/routes.ts';
import type { PartnersNeeds } from './needs.ts';
import { nominationRoutes } from './nomination/routes.ts';
import { partnershipRoutes } from './partnership/routes.ts';
import { tierRoutes } from './tier/routes.ts';

export { sendMail } from './application/mail.ts';
export { followLeaving } from './leaving-store.ts';
export type { PartnersNeeds } from './needs.ts';
export { partnershipStanding, partnershipsOf, tierBehind } from './partnership/look.ts';

/** The operations of this slice. */
export function partnersRoutes(services: Services, needs: PartnersNeeds): readonly Route[] {
  return [
    ...criteriaRoutes(services),
    ...tierRoutes(services, needs),
    ...applicationRoutes(services, needs),
    ...nominationRoutes(services),
    ...partnershipRoutes(services, needs),
    ...fairnessRoutes(services),
  ];
}
