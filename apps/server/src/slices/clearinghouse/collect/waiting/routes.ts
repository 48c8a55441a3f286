import { collect } from '@breakwater/contract';
import { ok } from '@breakwater/kernel';
import { type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { letIn } from './store.ts';

/** The operations on what waits. */
export function waitingRoutes({ execute }: Services): readonly Route[] {
  return [
    route(collect.letIn, async ({ params, envelope }) => {
      const executed = await execute(envelope, async (tx) => {
        const waiting = await letIn(tx, params.party);
        const event = { act: 'collect.let-in', subject: params.party, data: { findings: waiting } };
        return ok({ events: waiting === 0 ? [] : [event], response: { waiting } });
      });
      return responseOf(executed);
    }),
  ];
}
