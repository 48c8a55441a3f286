export { exportOf } from './export.ts';
export {
  accuracyOf,
  countEvidence,
  countLike,
  evidenceOf,
  evidenceRun,
} from './run/evidence.ts';

import type { Route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { runRoutes } from './run/routes.ts';
import { runsOf } from './run/store.ts';
import type { SuiteNeeds } from './suite/needs.ts';
import { suiteRoutes } from './suite/routes.ts';

/** The operations of this slice. */
export function benchmarkRoutes(
  services: Services,
  needs: Pick<SuiteNeeds, 'disclosureOf'>,
): readonly Route[] {
  return [...suiteRoutes(services, { ...needs, runsOf }), ...runRoutes(services)];
}
