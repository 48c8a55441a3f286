import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { fromUtf8, toBase64, utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkEnvelope,
  parseEnvelope,
  preAuthenticationEncoding,
  type Signer,
  signEnvelope,
  type Verifier,
} from './envelope.ts';

// DSSE protocol v1.0.2, "Test Vectors" (Apache-2.0)
const vector = {
  payload: 'aGVsbG8gd29ybGQ=',
  payloadType: 'http://example.com/HelloWorld',
  signatures: [
    {
      sig: 'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==',
    },
  ],
};
const vectorKey = createPublicKey({
  format: 'jwk',
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: coordinate(46950820868899156662930047687818585632848591499744589407958293238635476079160n),
    y: coordinate(5640078356564379163099075877009565129882514886557779369047442380624545832820n),
  },
});
const vectorVerifier: Verifier = {
  keyid: 'vector',
  verify: (message, signature) =>
    verify('sha256', message, { key: vectorKey, dsaEncoding: 'ieee-p1363' }, signature),
};

function coordinate(value: bigint): string {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toString('base64url');
}

function ed25519(keyid: string): { signer: Signer; verifier: Verifier } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    signer: { keyid, sign: (message) => new Uint8Array(sign(null, message, privateKey)) },
    verifier: {
      keyid,
      verify: (message, signature) => verify(null, message, publicKey, signature),
    },
  };
}

describe('the published vector', () => {
  test('the encoding is the published one', () => {
    const bytes = preAuthenticationEncoding(vector.payloadType, utf8('hello world'));
    expect(fromUtf8(bytes)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('the published signature holds', async () => {
    const envelope = parseEnvelope(vector);
    if (!envelope.ok) throw new Error(envelope.refusal.got);
    const { payloadType } = vector;
    const checked = await checkEnvelope(envelope.value, { payloadType, keys: [vectorVerifier] });
    expect(checked).toEqual({
      ok: true,
      value: { payload: utf8('hello world'), keyids: ['vector'] },
    });
  });

  test('the published private key signs what the published public key checks', () => {
    const d = 97358161215184420915383655311931858321456579547487070936769975997791359926199n;
    const jwk = { ...vectorKey.export({ format: 'jwk' }), d: coordinate(d) };
    const key = createPrivateKey({ format: 'jwk', key: jwk });
    const message = preAuthenticationEncoding('t', utf8('b'));
    const signature = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
    expect(vectorVerifier.verify(message, signature)).toBe(true);
  });
});

describe('checking', () => {
  test('any content survives signing and parsing, in either base64', async () => {
    const { signer, verifier } = ed25519('a');
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.uint8Array(), fc.boolean(), async (type, payload, url) => {
        const written = await signEnvelope({ payloadType: type, payload }, [signer]);
        const payloadText = url ? Buffer.from(payload).toString('base64url') : written.payload;
        const parsed = parseEnvelope({ ...written, payload: payloadText, extra: 1 });
        if (!parsed.ok) throw new Error(parsed.refusal.got);
        const trust = { payloadType: type, keys: [verifier] };
        const checked = await checkEnvelope(parsed.value, trust);
        expect(checked).toEqual({ ok: true, value: { payload, keyids: ['a'] } });
      }),
      { numRuns: 50 },
    );
  });

  test('a flipped payload, another type and another key are refused', async () => {
    const a = ed25519('a');
    const b = ed25519('b');
    const written = await signEnvelope({ payloadType: 't', payload: utf8('yes') }, [a.signer]);
    const codeOf = async (value: unknown, payloadType: string, keys: readonly Verifier[]) => {
      const parsed = parseEnvelope(value);
      if (!parsed.ok) return parsed.refusal.code;
      const checked = await checkEnvelope(parsed.value, { payloadType, keys });
      return checked.ok ? 'held' : checked.refusal.code;
    };
    const altered = { ...written, payload: toBase64(utf8('nay')) };
    expect(await codeOf(written, 't', [a.verifier])).toBe('held');
    expect(await codeOf(altered, 't', [a.verifier])).toBe('signatures-insufficient');
    expect(await codeOf(written, 'u', [a.verifier])).toBe('payload-type-unexpected');
    expect(await codeOf({ ...written, payloadType: 'u' }, 'u', [a.verifier])).toBe(
      'signatures-insufficient',
    );
    expect(await codeOf(written, 't', [b.verifier])).toBe('signatures-insufficient');
    expect(await codeOf({ ...written, payload: '*' }, 't', [a.verifier])).toBe(
      'envelope-malformed',
    );
  });

  test('two of two keys need two keys, not one key twice', async () => {
    const a = ed25519('a');
    const b = ed25519('b');
    const twice = await signEnvelope({ payloadType: 't', payload: utf8('x') }, [
      a.signer,
      a.signer,
    ]);
    const both = await signEnvelope({ payloadType: 't', payload: utf8('x') }, [a.signer, b.signer]);
    const trust = { payloadType: 't', keys: [a.verifier, b.verifier], threshold: 2 };
    const outcomes = [];
    for (const written of [twice, both]) {
      const parsed = parseEnvelope(written);
      if (!parsed.ok) throw new Error(parsed.refusal.got);
      outcomes.push((await checkEnvelope(parsed.value, trust)).ok);
    }
    expect(outcomes).toEqual([false, true]);
  });
});
