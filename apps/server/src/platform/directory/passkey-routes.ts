import { session as contract } from '@breakwater/contract';
import { type Id, ok, type Refusal, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { type Call, notFound, type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { newId } from '../clock/clock.ts';
import { challengeIn, insertChallenge, isChallengeOpen, spendChallenge } from './challenges.ts';
import { forget } from './forget.ts';
import { findMember, signedIn } from './members.ts';
import {
  findPasskey,
  insertPasskey,
  type PasskeyRow,
  passkeysOf,
  passkeyView,
  usePasskey,
} from './passkeys.ts';
import { openSession } from './sessions.ts';
import { answerSignIn, doorEnvelope, prepareSignIn } from './sign-in-routes.ts';
import { waysIn } from './ways-in.ts';
import { checkAssertion, checkCreation, creationOptions, requestOptions } from './web-authn.ts';

const passkeysMax = 20;

/** Passkeys (Web Authentication Level 3): no secret of theirs ever comes here. */
export function passkeyRoutes(services: Services): readonly Route[] {
  const { database, execute, content, site } = services;
  return [
    route(contract.passkeyOptions, async (call) => {
      const options = { ...(await requestOptions(site())) };
      const executed = await execute(doorEnvelope(call), async (tx, now) => {
        await insertChallenge(tx, options.challenge, { member: null, now });
        return ok({ events: [], response: { challenge: options.challenge } });
      });
      return executed.ok ? ok({ options: { ...options, ...executed.value.response } }) : executed;
    }),
    route(contract.passkeySignIn, async (call) => await signInBy(services, call)),
    route(contract.addPasskeyOptions, async (call) => {
      const found = await database.read(async (r) => {
        const me = await signedIn(r, call);
        return me.ok ? ok({ me: me.value, held: await passkeysOf(r, me.value.id) }) : me;
      });
      if (!found.ok) return found;
      const { me, held } = found.value;
      if (held.length >= passkeysMax) return refuse(tooMany);
      const name = (await content.getText(me.name_content)) ?? 'Member';
      const options = { ...(await creationOptions(site(), { id: me.id, name, held })) };
      const executed = await execute(call.envelope, async (tx, now) => {
        await insertChallenge(tx, options.challenge, { member: me.id, now });
        return ok({ events: [], response: { challenge: options.challenge } });
      });
      return executed.ok ? ok({ options: { ...options, ...executed.value.response } }) : executed;
    }),
    route(contract.addPasskey, async (call) => await addPasskey(services, call)),
    route(contract.listPasskeys, async (call) => {
      const found = await database.read(async (r) => {
        const me = await signedIn(r, call);
        return me.ok ? ok(await passkeysOf(r, me.value.id)) : me;
      });
      if (!found.ok) return found;
      return ok({ items: await Promise.all(found.value.map((row) => passkeyView(content, row))) });
    }),
    route(contract.removePasskey, async (call) => {
      const executed = await execute(call.envelope, async (tx, now) => {
        const me = await signedIn(tx, call);
        if (!me.ok) return me;
        const member = me.value.id;
        const row = (await passkeysOf(tx, member)).find(({ id }) => id === call.params.passkey);
        if (row === undefined) return notFound('a passkey of yours');
        const ways = await waysIn(tx, member);
        const byMail = ways.mail && services.signInMail.bound;
        if (ways.passkeys === 1 && !byMail && !call.body.evenIfLast) return refuse(lastWayIn);
        await tx.run(sql`delete from directory.passkey where id = ${row.id}`);
        const data = { member, passkey: row.id };
        return ok({
          events: [{ act: 'session.passkey-removed', subject: member, data }],
          jobs: await forget(tx, [row.label_content], now),
          response: { passkey: row.id },
        });
      });
      return responseOf(executed);
    }),
  ];
}

async function signInBy(services: Services, call: Call<typeof contract.passkeySignIn>) {
  const { database, execute, site } = services;
  const { credential } = call.body;
  const challenge = challengeIn(credential.response.clientDataJSON);
  if (challenge === null) return refuse(passkeyRefused);
  const passkey = await database.read(async (r) =>
    (await isChallengeOpen(r, challenge, { member: null, now: call.now }))
      ? await findPasskey(r, credential.id)
      : null,
  );
  if (passkey === null) return refuse(passkeyRefused);
  const counter = await checkAssertion(site(), credential, { passkey, challenge });
  if (counter === null) return refuse(passkeyRefused);
  const { secret, ...signIn } = await prepareSignIn(services, call, 'passkey');
  const executed = await execute(doorEnvelope(call), async (tx, now) => {
    const open = await isChallengeOpen(tx, challenge, { member: null, now });
    const held = await findPasskey(tx, credential.id);
    // Between the check and this line it may have been used elsewhere, or removed with its member.
    const stale = held === null || isRegression(held.counter, counter);
    if (!open || stale || (await findMember(tx, held.member)) === null) {
      return refuse(passkeyRefused);
    }
    await spendChallenge(tx, challenge);
    await usePasskey(tx, held.id, { counter, now });
    const opened = await openSession(tx, held.member, { ...signIn, now });
    return ok({
      events: [opened.event],
      contents: [opened.content],
      response: { member: held.member, session: opened.id },
    });
  });
  if (!executed.ok) return executed;
  if (executed.value.replayed) return refuse(passkeyRefused);
  const answered = await answerSignIn(services, call, { ...executed.value.response, secret });
  return answered === null ? refuse(passkeyRefused) : ok(answered);
}

/** Level 3, 7.2 step 22: a counter that does not grow tells of a copy; one that is 0 is none. */
function isRegression(before: number, now: number): boolean {
  return (before > 0 || now > 0) && now <= before;
}

async function addPasskey(services: Services, call: Call<typeof contract.addPasskey>) {
  const { database, execute, content, site } = services;
  const { credential } = call.body;
  const who = await database.read((r) => signedIn(r, call));
  if (!who.ok) return who;
  const member: Id<'member'> = who.value.id;
  const challenge = challengeIn(credential.response.clientDataJSON);
  const made = challenge === null ? null : await checkCreation(site(), credential, challenge);
  if (challenge === null || made === null) return refuse(passkeyRefused);
  const label = await content.putText(call.body.label, 'label.txt');
  const executed = await execute(call.envelope, async (tx, now) => {
    const me = await signedIn(tx, call);
    if (!me.ok) return me;
    const open = await isChallengeOpen(tx, challenge, { member, now });
    // A credential that is known here, whosever it is, was not made for this challenge.
    if (!open || (await findPasskey(tx, made.id)) !== null) return refuse(passkeyRefused);
    if ((await passkeysOf(tx, member)).length >= passkeysMax) return refuse(tooMany);
    await spendChallenge(tx, challenge);
    const row: Omit<PasskeyRow, 'last_used_on'> = {
      id: newId('passkey'),
      member,
      credential: Buffer.from(made.id, 'base64url'),
      public_key: made.publicKey,
      counter: made.counter,
      transports: credential.response.transports ?? [],
      label_content: label.id,
      added_at: now,
    };
    await insertPasskey(tx, row);
    return ok({
      events: [
        { act: 'session.passkey-added', subject: member, data: { member, passkey: row.id } },
      ],
      contents: [{ ref: label, subject: member, level: 1 }],
      response: { id: row.id, addedAt: now },
    });
  });
  if (!executed.ok) return executed;
  const { id, addedAt } = executed.value.response;
  return ok({ id, addedAt, label: call.body.label, lastUsedOn: null });
}

/** The one answer to every passkey that does not hold, for whatever reason. */
const passkeyRefused: Refusal = {
  code: 'passkey-refused',
  expected: 'an answer to a challenge of the last minutes, by a passkey that is known here',
  got: 'another',
  todo: 'try again, or sign in with a link',
};
const tooMany: Refusal = {
  code: 'too-many',
  expected: `at most ${passkeysMax} passkeys of one person`,
  got: 'as many already',
  todo: 'remove one that you do not use',
};
const lastWayIn: Refusal = {
  code: 'last-way-in',
  expected: 'another way to sign in next time',
  got: 'none but this passkey',
  todo: 'add another one first, or send evenIfLast to remove it all the same',
};
