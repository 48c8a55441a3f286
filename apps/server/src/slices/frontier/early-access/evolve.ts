import type { Access, Event, Grant, Window } from './model.ts';

/** Before anything was stated. */
export const nothing: Access = { plans: [], windows: [], grants: [] };

/** What stands after an event. */
export function evolve(access: Access, event: Event): Access {
  switch (event.act) {
    case 'early-access.plan-stated':
      return { ...access, plans: [...access.plans, event.plan] };
    case 'early-access.window-opened':
      return { ...access, windows: [...access.windows, { ...event.window, endedAt: null }] };
    case 'early-access.window-shortened':
      return withWindow(access, event.window, { ends: event.ends });
    case 'early-access.window-ended':
      return withWindow(access, event.window, { endedAt: event.at });
    case 'early-access.person-added':
      return { ...access, grants: [...access.grants, { ...untouched, ...event.grant }] };
    case 'early-access.protection-accepted':
      return withGrant(access, event.grant, ({ accepted }) => ({
        accepted: { ...accepted, [event.protection]: event.terms },
      }));
    case 'early-access.used':
      return withGrant(access, event.grant, ({ usedAt }) => ({
        usedAt: usedAt !== null && usedAt > event.at ? usedAt : event.at,
      }));
    case 'early-access.exported':
      return access;
    case 'early-access.revoked':
      return withGrant(access, event.grant, () => ({ revokedAt: event.at }));
    case 'early-access.return-attested':
      return withGrant(access, event.grant, () => ({ attested: event.how }));
  }
}

const untouched = { accepted: {}, usedAt: null, revokedAt: null, attested: null } as const;

function withWindow(access: Access, id: string, change: Partial<Window>): Access {
  const windows = access.windows.map((each) => (each.id === id ? { ...each, ...change } : each));
  return { ...access, windows };
}

function withGrant(access: Access, id: string, change: (grant: Grant) => Partial<Grant>): Access {
  const grants = access.grants.map((each) =>
    each.id === id ? { ...each, ...change(each) } : each,
  );
  return { ...access, grants };
}
