import type { Context } from 'hono';
import type { Logger } from 'pino';
import { answerRefusal, tooManyRequests } from './answer.ts';
import { type App, arrivedOf } from './http.ts';
import type { Edge } from './platform/edge/edge.ts';
import { organizationDoor } from './platform/organizations/sign-in.ts';
import type { Services } from './services.ts';

export interface DoorOptions {
  readonly services: Services;
  readonly edge: Edge;
  readonly logger: Logger;
}

/** Where people begin who sign in at their organization, and where it sends them back to. */
export function serveOrganizationDoors(app: App, { services, edge, logger }: DoorOptions): void {
  const door = organizationDoor(services, (error) =>
    logger.warn({ err: error }, 'a sign-in at an organization was refused'),
  );
  const held = (c: Context): Response | null => {
    const seconds = edge.visit(edge.peer(arrivedOf(c)));
    if (seconds === null) return null;
    c.header('retry-after', String(seconds));
    return answerRefusal(c, tooManyRequests(seconds));
  };
  const start = '/sign-in/organization/:provider';
  app.get(start, async (c) => held(c) ?? (await door.start(c, c.req.param('provider'))));
  app.get(
    `${start}/callback`,
    async (c) => held(c) ?? (await door.back(c, c.req.param('provider'))),
  );
}
