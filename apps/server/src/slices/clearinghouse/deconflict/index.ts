export {
  enterJob,
  entersFor,
  keepEpochs,
  type PrecheckNeeds,
  precheckRoutes,
} from './precheck/index.ts';

import type { JobHandler } from '../../../platform/queue/queue.ts';
import type { Route } from '../../../route.ts';
import type { Services } from '../../../services.ts';

/** The operations of this slice: each of its parts brings its own. */
export function deconflictRoutes(_services: Services): readonly Route[] {
  return [];
}

/** What this slice does after commit and by the hour. */
export function deconflictJobs(_services: Services): Readonly<Record<string, JobHandler>> {
  return {};
}
