import type { Route } from '../../route.ts';
import type { Services } from '../../services.ts';
import type { JobHandler } from '../queue/queue.ts';
import type { ExportNeeds } from './export-source.ts';
import { forgetJob } from './forget.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { leavingRoutes } from './leaving.ts';
import { memberRoutes } from './member-routes.ts';
import { partyRoutes } from './party-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { sendLink } from './send-link.ts';
import { sessionRoutes } from './session-routes.ts';
import { signInRoutes } from './sign-in-routes.ts';

/** Who is who: parties, their people and keys, and the door. */
export function directoryRoutes(services: Services, needs: ExportNeeds): readonly Route[] {
  return [
    ...partyRoutes(services),
    ...memberRoutes(services),
    ...invitationRoutes(services),
    ...keyRoutes(services),
    ...signInRoutes(services),
    ...sessionRoutes(services),
    ...passkeyRoutes(services),
    ...leavingRoutes(services, needs),
  ];
}

/** What the directory does after commit. */
export function directoryJobs(services: Services): Readonly<Record<string, JobHandler>> {
  return {
    'directory.send-link': sendLink(services),
    'directory.forget': forgetJob(services.content),
  };
}
