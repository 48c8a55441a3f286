import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, hash, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Id } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeUpstream, fakeUpstream } from '../../../../../test/fake-upstream.ts';
import { openWorldOfWire, upstreamAt, type World } from '../../../../../test/wiring.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { Proofs } from './proof.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-proof-'));
const file = (name: string) => path.join(folder, name);
let fake: FakeUpstream;
let at: World;
let tls: World;

beforeAll(async () => {
  for (const name of ['server', 'client', 'other']) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const out = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
    const of = ['req', '-x509', ...key, '-days', '2', '-subj', `/CN=${name}`, ...out];
    execFileSync('openssl', of, { stdio: 'ignore' });
  }
  fake = await fakeUpstream();
  const limits = { closeMsMax: 50 };
  at = await openWorldOfWire({ limits });
  const files = { certificate: file('server.pem'), key: file('server.key') };
  tls = await openWorldOfWire({ limits, tls: files });
});
afterAll(async () => {
  await Promise.all([at.wire.close(), tls.wire.close(), fake.close()]);
  rmSync(folder, { recursive: true });
});

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const pair = (): Pair => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function thumbprint({ publicKey }: Pair): string {
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
}

/** A proof of a call, as RFC 9449 wants it, but for what `wrong` says. */
function proofOf(by: Pair, secret: string, wrong: { head?: object; claims?: object } = {}): string {
  const jwk = by.publicKey.export({ format: 'jwk' });
  const head = base64url({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...wrong.head });
  const claims = base64url({
    jti: crypto.randomUUID(),
    htm: 'GET',
    htu: `${at.url}/v1/models`,
    iat: Math.floor(Date.now() / 1_000),
    ath: hash('sha256', secret, 'base64url'),
    ...wrong.claims,
  });
  const signed = Buffer.from(`${head}.${claims}`);
  const key = { key: by.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${head}.${claims}.${sign('sha256', signed, key).toString('base64url')}`;
}

async function ask(secret: string, proof: string | null, where = at): Promise<Response> {
  const dpop = proof === null ? {} : { dpop: proof };
  const headers = { authorization: `DPoP ${secret}`, ...dpop };
  return await fetch(`${where.url}/v1/models`, { headers });
}

/** A key bound to `by`, and the nonce of the process. */
async function bound(by: Pair, where = at) {
  const upstreams = [upstreamAt(fake.baseUrl)];
  const proof = { kind: 'dpop', thumbprint: thumbprint(by) } as const;
  const secret = where.key({ upstreams, proof });
  const first = await ask(secret, null, where);
  expect(first.status).toBe(401);
  return { secret, nonce: first.headers.get('dpop-nonce') ?? '' };
}

describe('a key that is bound to a key of DPoP', () => {
  test('GAT-7 is taken with a proof of the very call, once', async () => {
    const by = pair();
    const { secret, nonce } = await bound(by);
    const proof = proofOf(by, secret, { claims: { nonce } });
    expect((await ask(secret, proof)).status).toBe(200);
    const again = await ask(secret, proof);
    expect([again.status, await again.text()]).toEqual([
      401,
      expect.stringContaining('used before'),
    ]);
    expect((await ask(secret, proofOf(by, secret, { claims: { nonce } }))).status).toBe(200);
  });

  test('GAT-7 with a proof of another process is told the nonce of this one', async () => {
    const by = pair();
    const { secret } = await bound(by);
    const other = await openWorldOfWire({ limits: { closeMsMax: 50 } });
    try {
      const { nonce } = await bound(by, other);
      const answer = await ask(secret, proofOf(by, secret, { claims: { nonce } }));
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        401,
        'DPoP error="use_dpop_nonce", algs="ES256 EdDSA"',
      ]);
    } finally {
      await other.wire.close();
    }
  });

  const wrongs: readonly (readonly [string, { head?: object; claims?: object }])[] = [
    ['of another method', { claims: { htm: 'POST' } }],
    ['of another address', { claims: { htu: 'https://other.example/v1/models' } }],
    ['of another path', { claims: { htu: 'http://127.0.0.1/v1/messages' } }],
    ['of another key', { claims: { ath: hash('sha256', 'other', 'base64url') } }],
    ['of two minutes ago', { claims: { iat: Math.floor(Date.now() / 1_000) - 120 } }],
    ['without a time', { claims: { iat: '0' } }],
    ['without a name', { claims: { jti: 7 } }],
    ['of another type', { head: { typ: 'jwt' } }],
    ['that nobody signed', { head: { alg: 'none' } }],
    ['by a shared secret', { head: { alg: 'HS256' } }],
    ['by a key that was put in', { head: { jwk: pair().publicKey.export({ format: 'jwk' }) } }],
    ['that shows its private key', { head: { jwk: pair().privateKey.export({ format: 'jwk' }) } }],
  ];
  test.each(wrongs)('GAT-7 is not taken with a proof %s', async (_what, wrong) => {
    const by = pair();
    const { secret, nonce } = await bound(by);
    const claims = { nonce, ...wrong.claims };
    const answer = await ask(secret, proofOf(by, secret, { ...wrong, claims }));
    expect(answer.status).toBe(401);
  });

  test('GAT-7 is not taken with a proof that was changed, or is none', async () => {
    const by = pair();
    const { secret, nonce } = await bound(by);
    const proof = proofOf(by, secret, { claims: { nonce } });
    const [head = '', claims = ''] = proof.split('.');
    const other = proofOf(by, secret, { claims: { nonce } }).split('.')[2] ?? '';
    for (const bad of [
      `${head}.${claims}.${other}`,
      `${head}.${claims}.`,
      'a.b.c',
      'x'.repeat(9_000),
    ]) {
      expect((await ask(secret, bad)).status).toBe(401);
    }
  });
});

test('GAT-7 a party that shows more proofs than are remembered keeps nobody else from being taken', () => {
  const proofs = new Proofs(() => Date.now(), null, 2);
  const by = pair();
  const shown = { secret: 'its secret', sha256: '' };
  const [flood, quiet] = [newId('party'), newId('party')];
  const show = (party: Id<'party'>, dpop: string) =>
    proofs.check(
      { party, proof: { kind: 'dpop', thumbprint: thumbprint(by) } },
      // What is read of a request here.
      { method: 'GET', url: '/', headers: { host: 'here', dpop } } as unknown as IncomingMessage,
      shown,
    );
  const nonce = show(flood, '')?.headers?.['dpop-nonce'];
  const make = () => proofOf(by, shown.secret, { claims: { nonce, htu: 'http://here/' } });
  const [first, second] = [make(), make()];
  expect([show(flood, first), show(flood, second)]).toEqual([null, null]);
  expect(show(flood, make())?.refusal.code).toBe('too-many-proofs');
  expect(show(quiet, make())).toBeNull();
  for (const again of [first, second]) expect(show(flood, again)?.status).toBe(401);
});

describe('a key that is bound to a certificate', () => {
  /** The status with the certificate of `name`; null: without any. */
  async function status(secret: string, name: string | null): Promise<number | undefined> {
    const own = name && {
      cert: readFileSync(file(`${name}.pem`)),
      key: readFileSync(file(`${name}.key`)),
    };
    return await new Promise((resolve, reject) => {
      const options = { rejectUnauthorized: false, headers: { 'x-api-key': secret }, agent: false };
      request(`${tls.url}/v1/models`, { ...options, ...own }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
  }

  test('GAT-7 is taken over a connection with it alone', async () => {
    const { raw } = new X509Certificate(readFileSync(file('client.pem')));
    const proof = { kind: 'mtls', thumbprint: hash('sha256', raw, 'base64url') } as const;
    const secret = tls.key({ upstreams: [upstreamAt(fake.baseUrl)], proof });
    expect(await status(secret, 'client')).toBe(200);
    expect(await status(secret, 'other')).toBe(401);
    expect(await status(secret, null)).toBe(401);
    const free = tls.key({ upstreams: [upstreamAt(fake.baseUrl)] });
    expect(await status(free, null)).toBe(200);
  });
});
