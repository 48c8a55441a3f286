import { live as contract } from '@breakwater/contract';
import { ok, refuse } from '@breakwater/kernel';
import { type Route, streamRoute } from '../../route.ts';
import type { Services } from '../../services.ts';

/** The stream of changes. */
export function liveRoutes({ live }: Pick<Services, 'live'>): readonly Route[] {
  return [
    streamRoute(contract.events, async ({ credential, actor }) => {
      if (credential === null) return refuse(signInNeeded);
      const opened = live.open({ credential, party: actor.id });
      return opened.ok ? ok({ events: opened.value }) : opened;
    }),
  ];
}

const signInNeeded = {
  code: 'key-missing',
  expected: 'a session or an API key',
  got: 'neither',
  todo: 'sign in, or send a key',
} as const;
