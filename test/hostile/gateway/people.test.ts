import { directory, earlyAccess, gateway, gatewayJobs } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  acceptAll,
  addService,
  engageModel,
  openWindow,
} from '../../../apps/server/test/accessing.ts';
import { type KeyWorld, openKeyWorld } from '../../../apps/server/test/key-world.ts';
import {
  allotmentBody,
  giveOut,
  issueTo,
  partnerIn,
  templateBody,
} from '../../../apps/server/test/keying.ts';
import { codeOf } from '../../../apps/server/test/refusals.ts';

// Somebody who may not, and goes on by what others have.
let world: KeyWorld;
beforeAll(async () => {
  world = await openKeyWorld();
});
afterAll(async () => {
  expect(world.server.errors).toEqual([]);
  await world[Symbol.asyncDispose]();
});

/** A template in a scope. */
async function stated(scope: Parameters<typeof giveOut>[1]['scope']) {
  const { developer } = world;
  const params = { scope };
  return await developer.client.call(gatewayJobs.stateTemplate, { params, body: templateBody });
}

test('GAT-10 whoever is cut off makes no key in another’s name, and hands no job in by one', async () => {
  const { server, developer, liaison } = world;
  const engaged = await engageModel({ developer, liaison });
  const bank = await server.party('operator', 'Bank');
  const who = { ...{ developer, liaison, model: engaged.model }, applicant: bank };
  const { tier, partner } = await partnerIn(server, { ...who, asks: 'outputs' });
  await giveOut(
    developer,
    { model: engaged.model, scope: tier },
    { allotment: { limits: { ...allotmentBody.limits, concurrency: 12 } } },
  );
  const { template } = await stated(tier);
  const [clerk, other] = [await server.signIn(bank, 'Ann'), await server.signIn(bank, 'Bo')];
  const third = { ...allotmentBody.limits, concurrency: 3, minute: { requests: 1 } };
  const limits = { ...third, day: { inputTokens: 9, outputTokens: 9 }, grant: { costMicros: 9 } };
  const { key } = await issueTo(other, partner, { limits });
  const inOthersName = () => issueTo(clerk, partner, { limits, holder: other.member });
  const job = () =>
    clerk.client.call(gatewayJobs.submitJob, {
      params: { gkey: key },
      body: { template, inputs: { alert: 'a login at night' } },
    });
  const proof = { kind: 'dpop', thumbprint: 'A'.repeat(43) } as const;
  const bound = await issueTo(other, partner, { limits, proof });
  const byBound = (by: Pick<typeof other, 'client'>) =>
    by.client.call(gatewayJobs.submitJob, {
      params: { gkey: bound.key },
      body: { template, inputs: { alert: 'a login at night' } },
    });
  // No proof of possession comes with a job.
  for (const by of [clerk, bank]) expect(await codeOf(byBound(by))).toBe('in-person');
  await byBound(other);
  await inOthersName();
  await issueTo(clerk, partner, { limits });
  for (const by of [developer, bank]) {
    const body = { of: clerk.member, reason: 'it was misused' };
    const { cut } = await by.client.call(gateway.cut, { body });
    expect(await codeOf(inOthersName())).toBe('cut-off');
    expect(await codeOf(job())).toBe('cut-off');
    await by.client.call(gateway.lift, { params: { cut }, body: {} });
  }
});

test('GAT-51 a grant of one person takes jobs of that person alone', async () => {
  const { server, agency, person } = world;
  const { window, grant } = await world.opened();
  const { template } = await stated(window);
  const { key } = await issueTo(person, grant);
  const colleague = await server.signIn(agency, 'Eve');
  const wish = {
    params: { gkey: key },
    body: { template, inputs: { alert: 'a login at night' } },
  };
  for (const by of [colleague, agency]) {
    expect(await codeOf(by.client.call(gatewayJobs.submitJob, wish))).toBe('person-alone');
  }
  await person.client.call(gatewayJobs.submitJob, wish);
  const body = { of: person.member, reason: 'the laptop is gone' };
  const { cut } = await agency.client.call(gateway.cut, { body });
  expect(await codeOf(person.client.call(gatewayJobs.submitJob, wish))).toBe('not-active');
  await agency.client.call(gateway.lift, { params: { cut }, body: {} });
});

test('GAT-9 where whoever answers for a service goes, its keys are asked for anew', async () => {
  const { server, agency, liaison } = world;
  const { engaged } = await world.opened();
  const leader = await server.signIn(agency, 'Lee');
  const service = await addService(server, { party: agency.id, by: leader });
  const { window } = await openWindow(engaged);
  await giveOut(world.developer, { model: engaged.model, scope: window });
  const { grant } = await liaison.client.call(earlyAccess.addPerson, {
    params: { window },
    body: { member: service.member, person: leader.member },
  });
  await acceptAll(leader, grant);
  const { secret } = await issueTo(leader, grant);
  expect(await world.admit(secret)).not.toBeNull();
  const changes = await world.changesOf(async () => {
    const params = { member: leader.member };
    await server.administrator.call(directory.removeMember, { params });
  });
  expect(changes).toEqual([`party ${agency.id}`]);
  expect(await world.admit(secret)).toBeNull();
});
