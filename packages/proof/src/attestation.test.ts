import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { signEnvelope, type Verifier } from '@breakwater/formats/dsse';
import { statementPayloadType } from '@breakwater/formats/in-toto';
import { canonicalJson, digestOf, utf8 } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import {
  type Attestation,
  type AttestedRun,
  attest,
  checkAttestation,
  statementOf,
  validationPredicateType,
} from './attestation.ts';
import { wilson } from './interval.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = { keyid: 'k', sign: (m: Uint8Array) => new Uint8Array(sign(null, m, privateKey)) };
const key: Verifier = { keyid: 'k', verify: (m, s) => verify(null, m, publicKey, s) };

const digest = (text: string) => digestOf(utf8(text));
const run: AttestedRun = {
  input: digest('proof'),
  outcome: 'fired',
  reason: 'sanitizer report',
  signature: 'Heap-buffer-overflow READ 1 in parse_string',
  stdout: digest(''),
  stderr: digest('report'),
  evidence: digest('evidence'),
};
const sandbox = { driver: 'd', version: '1', tier: 'standard', networkDenied: true } as const;
const validation: Attestation = {
  kind: 'validation',
  predicate: {
    package: 'pkg:deb/debian/cjson',
    recipe: digest('recipe'),
    reasons: [{ code: 'fired-every-time', text: 'fired 3 of 3 times' }],
    sandbox,
    concludedAt: '2026-11-21T09:30:00.000Z',
    verdict: 'reproduced',
    reproduced: wilson(3, 3),
    proof: digest('proof'),
    builds: {
      vulnerable: { version: '1', digest: digest('v') },
      control: { version: '2', digest: digest('c') },
    },
    attempts: [run, run, run],
    control: [{ ...run, outcome: 'quiet', signature: null }],
    benign: [{ ...run, input: digest('benign'), outcome: 'quiet', signature: null }],
  },
};
const patch: Attestation = {
  kind: 'patch',
  predicate: {
    package: 'pkg:deb/debian/cjson',
    recipe: digest('recipe'),
    reasons: [{ code: 'patch-does-not-apply', text: 'hunk 1' }],
    sandbox,
    concludedAt: '2026-11-21T09:30:00.000Z',
    verdict: 'refused',
    patch: digest('patch'),
    version: '1',
    builds: null,
    matrix: [{ proof: digest('proof'), unpatched: [run], patched: [] }],
    benign: [],
    tests: null,
  },
};

describe('an attestation', () => {
  test('names its subjects by digest', () => {
    const named = (a: Attestation) => statementOf(a).subject.map(({ name }) => name);
    expect(named(validation)).toEqual(['proof', 'build/vulnerable', 'build/control']);
    expect(named(patch)).toEqual(['proof/1', 'patch']);
  });

  test.each([['validation', validation] as const, ['patch', patch] as const])(
    'of a %s is checked offline and says what was attested',
    async (_, attestation) => {
      const written: unknown = JSON.parse(JSON.stringify(await attest(attestation, signer)));
      expect(await checkAttestation(written, [key])).toEqual({ ok: true, value: attestation });
    },
  );

  test('with one flipped bit is refused', async () => {
    const written = await attest(validation, signer);
    const payload = written.payload.startsWith('e') ? `f${written.payload.slice(1)}` : 'AAAA';
    expect(await checkAttestation({ ...written, payload }, [key])).toMatchObject({
      ok: false,
      refusal: { code: 'signatures-insufficient' },
    });
  });

  test.each([
    ['subject-missing', { subject: [{ name: 'x', digest: { sha256: '0'.repeat(64) } }] }],
    ['predicate-unknown', { predicateType: 'urn:uuid:0' }],
    ['predicate-malformed', { predicate: { verdict: 'approved' } }],
    ['statement-malformed', { subject: [] }],
  ])('signed but wrong is refused as %s', async (code, change) => {
    const payload = canonicalJson({ ...statementOf(validation), ...change });
    const written = await signEnvelope({ payloadType: statementPayloadType, payload }, [signer]);
    expect(await checkAttestation(written, [key])).toMatchObject({ ok: false, refusal: { code } });
  });

  test('has the documented type', () => {
    expect(statementOf(validation).predicateType).toBe(validationPredicateType);
  });
});
