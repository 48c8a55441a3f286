import type { Route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import type { WishesNeeds } from '../wishes/index.ts';
import { createAsking } from './asking.ts';
import { type Desk, claimRoutes as routesOf } from './routes.ts';
import { passTimeOfClaims } from './tick.ts';
import { decideClaims } from './work.ts';

const desks = new WeakMap<Services, Desk>();

/** Where all commands on claims of one server come together, whoever gives them. */
export function deskOf(services: Services): Desk {
  const desk = desks.get(services) ?? {
    carryOut: services.inTurn({ turn: 'deconflict', work: decideClaims }),
    asking: createAsking(services),
  };
  desks.set(services, desk);
  return desk;
}

/** The operations on claims. */
export function claimRoutes(services: Services, needs: WishesNeeds): readonly Route[] {
  return routesOf(services, deskOf(services), needs);
}

/** What claims do by themselves as time passes; called every second or so. */
export async function tickClaims(services: Services): Promise<void> {
  const { asking, carryOut } = deskOf(services);
  await asking.flush();
  await passTimeOfClaims(services, carryOut);
}
