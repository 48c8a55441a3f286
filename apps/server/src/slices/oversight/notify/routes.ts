import { type MailPreferences, notify, type Tiding, tidings } from '@breakwater/contract';
import { isZone, ok, type Refusal, refuse } from '@breakwater/kernel';
import type { Transaction } from '../../../platform/database/database.ts';
import { signedIn } from '../../../platform/directory/members.ts';
import { type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { standard } from './decide.ts';
import { dropPending, findPreferences, putPreferences } from './store.ts';

/** The operations of this slice. */
export function notifyRoutes(services: Services): readonly Route[] {
  const { database, execute, mail } = services;
  return [
    route(notify.preferences, async (call) => {
      const self = await database.read((r) => signedIn(r, call));
      if (!self.ok) return self;
      const chosen = await database.read((r) => findPreferences(r, self.value.id));
      const reachable = mail !== null && self.value.email_content !== null;
      return ok({ ...(chosen ?? standard), reachable });
    }),
    route(notify.setPreferences, async (call) => {
      const { body, envelope } = call;
      const executed = await execute<MailPreferences>(envelope, async (tx) => {
        const self = await signedIn(tx, call);
        if (!self.ok) return self;
        if (!isZone(body.zone)) return refuse(zoneUnknown);
        return await prefer(tx, self.value.id, body);
      });
      return responseOf(executed);
    }),
  ];
}

/** Sets what a member wants to be told of, and forgets what it no longer wants. */
export async function prefer(tx: Transaction, member: string, wish: MailPreferences) {
  await putPreferences(tx, member, wish);
  const never = tidings.filter((kind: Tiding) => wish[kind] === 'never');
  await dropPending(tx, member, never);
  const event = { act: 'notify.preferences-set', subject: member, data: { member } };
  return ok({ events: [event], response: wish });
}

const zoneUnknown: Refusal = {
  code: 'zone-unknown',
  expected: 'a time zone of the IANA database, such as America/New_York',
  got: 'another word',
  todo: 'name the zone of the clock you live by',
};
