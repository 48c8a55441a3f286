import { gateway } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engaged, engageModel } from './accessing.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { upstreamBody } from './keying.ts';

let server: TestServer;
let developer: TestParty;
let engaged: Engaged;
beforeAll(async () => {
  // The settings of tests let endpoints lie on 127.0.0.1, and on the open net.
  server = await startTestServer();
  developer = await server.party('developer');
  engaged = await engageModel({ developer, liaison: await server.party('liaison') });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const add = (baseUrl: string) =>
  developer.client.call(gateway.addUpstream, {
    params: { model: engaged.model },
    body: { ...upstreamBody, baseUrl },
  });

test('GAT-2 an endpoint where none may lie is refused, however its address is written', async () => {
  const { upstream } = await add(upstreamBody.baseUrl);
  const { secret: _, ...kept } = upstreamBody;
  const revise = (baseUrl: string) =>
    developer.client.call(gateway.reviseUpstream, {
      params: { upstream },
      body: { ...kept, baseUrl },
    });
  const notAllowed = { problem: { code: 'address-not-allowed', pointer: '/baseUrl' } };
  for (const baseUrl of [
    'https://10.0.0.7/v',
    'https://169.254.169.254',
    'https://2130706434',
    'https://[::1]:8443',
    'https://[::ffff:10.0.0.7]',
    'https://[64:ff9b::a00:7]',
  ]) {
    await expect(add(baseUrl), baseUrl).rejects.toMatchObject(notAllowed);
    await expect(revise(baseUrl), baseUrl).rejects.toMatchObject(notAllowed);
  }
  for (const baseUrl of ['http://127.0.0.1:9', 'http://localhost:9', 'https://192.88.100.1']) {
    expect(await revise(baseUrl), baseUrl).toEqual({ upstream });
  }
});

test('GAT-2 where the operator names one network, the open net is none of it', async () => {
  const settings = { BREAKWATER_GATEWAY_UPSTREAMS: '10.20.0.0/16' };
  await using apart = await startTestServer({ settings });
  const lab = await apart.party('developer');
  const { model } = await engageModel({ developer: lab, liaison: await apart.party('liaison') });
  const adding = (baseUrl: string) =>
    lab.client.call(gateway.addUpstream, {
      params: { model },
      body: { ...upstreamBody, baseUrl },
    });
  await adding('https://10.20.3.4:8443');
  // A name is judged when it is called.
  await adding('https://models.example.org');
  for (const baseUrl of ['https://10.21.0.1', 'https://192.88.100.1', 'http://localhost:9']) {
    await expect(adding(baseUrl), baseUrl).rejects.toMatchObject({
      problem: { code: 'address-not-allowed' },
    });
  }
});
