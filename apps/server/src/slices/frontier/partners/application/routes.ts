import { partners as contract } from '@breakwater/contract';
import { ok, type Result } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import type { ContentRef } from '../../../../platform/content/content.ts';
import { hashOf } from '../../../../platform/directory/secret.ts';
import { type Call, type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import type { PartnersNeeds } from '../needs.ts';
import { type As, asOf, notThere, seenOf } from './access.ts';
import { act, type Done, type Wish } from './act.ts';
import { apply } from './apply.ts';
import { findApplication, findByLink, listApplications } from './store.ts';
import { applicationView, summaryView } from './views.ts';

const sides: readonly As[] = ['government', 'developer'];

/** Applications: made by anybody, decided by two keys. */
export function applicationRoutes(services: Services, needs: PartnersNeeds): readonly Route[] {
  const { database, content } = services;
  return [
    route(contract.apply, (call) => apply(services, call)),
    route(contract.open, async (call) => {
      const { body, now } = call;
      const row = await database.read((r) => findByLink(r, hashOf(body.token)));
      if (row === null) return notThere(body.token);
      const looking = { caller: call, as: 'applicant', now } as const;
      return ok(await applicationView(services, needs, row, looking));
    }),
    route(contract.applications, async (call) => {
      const { query, now } = call;
      const rows = await database.read((r) =>
        listApplications(r, seenOf(call), {
          waiting: query.waiting === undefined ? null : query.waiting === 'yes',
          tier: query.tier ?? null,
          after: parseCursor(query.after),
          limit: query.limit,
        }),
      );
      const items = [];
      for (const row of rows) {
        const as = asOf(row, call, undefined);
        if (as !== null) items.push(await summaryView(services, row, { caller: call, as, now }));
      }
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(contract.application, async (call) => {
      const { params, now } = call;
      const row = await database.read((r) => findApplication(r, params.application));
      const as = row === null ? null : asOf(row, call, undefined);
      if (row === null || as === null) return notThere(undefined);
      return ok(await applicationView(services, needs, row, { caller: call, as, now }));
    }),
    route(contract.add, async (call) => {
      const may: As[] = ['applicant', 'helper'];
      const done = await say(services, call, {
        command: { act: 'add' },
        by: may,
        text: call.body.text,
      });
      return idOnly(done);
    }),
    route(contract.ask, async (call) => {
      const { text } = call.body;
      return idOnly(await say(services, call, { command: { act: 'ask' }, by: asDecider, text }));
    }),
    route(contract.withdraw, async (call) => {
      const wish: Wish = { command: { act: 'withdraw' }, by: ['applicant'] };
      return idOnly(await act(services, actingOf(call), wish));
    }),
    route(contract.appeal, async (call) => {
      const done = await say(services, call, {
        command: { act: 'appeal' },
        by: ['applicant'],
        text: call.body.reason,
      });
      if (!done.ok) return done;
      const { application, promisedBy } = done.value;
      if (promisedBy === null) throw new Error('an appeal without a promise');
      return ok({ application, promisedBy });
    }),
    route(contract.stateInterest, async (call) => {
      const { conflicted, words } = call.body;
      return idOnly(
        await say(services, call, {
          command: { act: 'state-interest', conflicted },
          by: asDecider,
          text: words,
        }),
      );
    }),
    route(contract.decide, async (call) => {
      const { verdict, findings, reason } = call.body;
      const text = await content.putText(JSON.stringify({ findings, reason }), 'key.json');
      const command = { act: 'turn-key', verdict, findings } as const;
      const done = await act(services, actingOf(call), { command, by: asDecider, text });
      if (!done.ok) return done;
      return ok({ application: done.value.application, answer: done.value.answer });
    }),
  ];
}

/** Its applicant and helper are told that it is theirs, and not that it is not there. */
const asDecider: readonly As[] = [...sides, 'applicant', 'helper'];

type OnApplication =
  | Call<typeof contract.add>
  | Call<typeof contract.ask>
  | Call<typeof contract.appeal>
  | Call<typeof contract.stateInterest>;

/** An act with a text of its own. */
async function say(
  services: Services,
  call: OnApplication,
  { command, by, text }: Omit<Wish, 'text'> & { readonly text: string | undefined },
): Promise<Result<Done>> {
  const kept: ContentRef | null =
    text === undefined ? null : await services.content.putText(text, 'said.txt');
  return await act(services, actingOf(call), { command, by, text: kept });
}

function actingOf(
  call: OnApplication | Call<typeof contract.withdraw> | Call<typeof contract.decide>,
) {
  const { actor, member, permissions, anonymous, envelope, params, body } = call;
  const token = 'token' in body ? body.token : undefined;
  return { actor, member, permissions, anonymous, envelope, ...params, token };
}

function idOnly(done: Result<Done>): Result<Pick<Done, 'application'>> {
  return done.ok ? ok({ application: done.value.application }) : done;
}
