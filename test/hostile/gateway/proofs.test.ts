import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sealBody } from '../../../apps/server/src/slices/frontier/gateway/record/bodies.ts';
import { fakeUpstream } from '../../../apps/server/test/fake-upstream.ts';
import { openWorldOfWire, upstreamAt, type World } from '../../../apps/server/test/wiring.ts';
import { quick, rawUpstream } from './arena.ts';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A busy machine may not have heard for a moment which keys stand. */
async function patient(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    await answer.text();
    await delay(50);
  }
}

/** A call with this limit, as JSON has it. */
async function ask({ url }: World, secret: string, limit: string): Promise<Response> {
  return await patient(() =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
      body: `{"model":"fake","messages":[],"max_tokens":${limit}}`,
    }),
  );
}

test('GAT-7 a proof that was made for another’s address is none, whatever host the call names', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  const thumbprint = hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
  const at = await openWorldOfWire({ limits: { closeMsMax: 50 }, host: 'gateway.example' });
  const secret = at.key({ proof: { kind: 'dpop', thumbprint } });
  const askAs = async (host: string, nonce: string) => {
    const head = base64url({ typ: 'dpop+jwt', alg: 'ES256', jwk: { crv, kty, x, y } });
    const claims = base64url({
      ...{ jti: crypto.randomUUID(), htm: 'GET', htu: `https://${host}/v1/models`, nonce },
      iat: Math.floor(Date.now() / 1_000),
      ath: hash('sha256', secret, 'base64url'),
    });
    const signed = Buffer.from(`${head}.${claims}`);
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const dpop = `${head}.${claims}.${sign('sha256', signed, key).toString('base64url')}`;
    const headers = { authorization: `DPoP ${secret}`, dpop, host };
    return await fetch(`${at.url}/v1/models`, { headers });
  };
  try {
    const nonce =
      (await patient(() => askAs('gateway.example', ''))).headers.get('dpop-nonce') ?? '';
    // undici’s fetch lets a host be named.
    expect((await patient(() => askAs('evil.example', nonce))).status).toBe(401);
    expect((await patient(() => askAs('gateway.example', nonce))).status).toBe(200);
  } finally {
    await at.wire.close();
  }
});

test('GAT-31 a status that is none of HTTP is no answer: the journal of it can be read again', async () => {
  const upstream = await rawUpstream();
  const at = await openWorldOfWire({ limits: quick });
  try {
    for (const status of [600, 999]) {
      upstream.say([Buffer.from(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`)], 'ends');
      const secret = at.key({ upstreams: [upstreamAt(upstream.baseUrl)] });
      const before = at.settled.length;
      const answer = await ask(at, secret, '5');
      await answer.text();
      await expect.poll(() => at.settled.length).toBe(before + 1);
      expect(at.settled.at(-1)?.ended.status).toBe(502);
    }
  } finally {
    await at.wire.close();
    await upstream.close();
  }
});

test('GAT-24 an upstream that announces its answer again and again is taken for silent', async () => {
  const upstream = await rawUpstream();
  const at = await openWorldOfWire({ limits: quick });
  try {
    const interim = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'.repeat(1_000);
    const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
    upstream.say([Buffer.from(interim + whole)], 'ends');
    const secret = at.key({ upstreams: [upstreamAt(upstream.baseUrl)] });
    const answer = await ask(at, secret, '5');
    await answer.text();
    await expect.poll(() => at.settled.length).toBe(1);
    expect([answer.status, at.settled.at(-1)?.taken, at.open()]).toEqual([502, 'full', 0]);
  } finally {
    await at.wire.close();
    await upstream.close();
  }
});

test('GAT-44 whoever’s bodies are kept sends none that is too long to be kept', async () => {
  const fake = await fakeUpstream();
  const at = await openWorldOfWire({ limits: { closeMsMax: 50 } });
  try {
    const recipients = [`age1${'q'.repeat(58)}`];
    const secret = at.key({ upstreams: [upstreamAt(fake.baseUrl)], keeps: { recipients } });
    const answer = await ask(at, secret, `5${' '.repeat(8 * 2 ** 20)}`);
    expect([answer.status, fake.asked.length]).toEqual([413, 0]);
    // A recipient may have the form of one and be none; what was to be kept for others is kept.
    await expect(sealBody(recipients, Buffer.from('x'))).rejects.toThrow();
  } finally {
    await at.wire.close();
    await fake.close();
  }
});
