import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { identityKeys, readCrash } from '@breakwater/correlation';
import { parseEnvelope, signEnvelope, type Verifier } from '@breakwater/formats/dsse';
import { parseStatement, statementPayloadType } from '@breakwater/formats/in-toto';
import { digestOf, ok, utf8 } from '@breakwater/kernel';
import {
  type Attestation,
  checkAttestation,
  parseNpmLock,
  parseRecipe,
  statementOf,
  wilson,
} from '@breakwater/proof';
import { all, jsonOf, type Reader, realData, textOf, vectors, written } from '../reader.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = { keyid: 'k', sign: (m: Uint8Array) => new Uint8Array(sign(null, m, privateKey)) };
const key: Verifier = { keyid: 'k', verify: (m, s) => verify(null, m, publicKey, s) };

const statement = written({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'proof', digest: { sha256: 'a'.repeat(64) } }],
  predicateType: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  predicate: { verdict: 'reproduced', list: [1, { a: null }] },
});

const digest = (text: string) => digestOf(utf8(text));
const run = {
  input: digest('proof'),
  outcome: 'fired',
  reason: 'sanitizer report',
  signature: 'Heap-buffer-overflow READ 1 in parse_string',
  stdout: digest(''),
  stderr: digest('report'),
  evidence: digest('evidence'),
} as const;
const validation: Attestation = {
  kind: 'validation',
  predicate: {
    package: 'pkg:deb/debian/cjson',
    recipe: digest('recipe'),
    reasons: [{ code: 'fired-every-time', text: 'fired 3 of 3 times' }],
    sandbox: { driver: 'd', version: '1', tier: 'standard', networkDenied: true },
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
const attested = statementOf(validation);

export const proofReaders: readonly Reader[] = [
  {
    reads: ['@breakwater/proof#parseRecipe'],
    seeds: vectors('demo/recipes', 'recipe.json'),
    read: (document) => parseRecipe(textOf(document)),
  },
  {
    reads: ['@breakwater/proof#parseNpmLock'],
    seeds: written({
      lockfileVersion: 3,
      packages: {
        '': { name: 'root' },
        'node_modules/a': { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` },
        'node_modules/a/node_modules/@s/c': {
          version: '1.0.0-rc.1',
          integrity: `sha512-${'A'.repeat(86)}==`,
          dev: true,
        },
      },
    }),
    read: (document) => parseNpmLock(textOf(document)),
  },
  {
    reads: ['@breakwater/formats/in-toto#parseStatement'],
    seeds: statement,
    read: parseStatement,
  },
  {
    reads: ['@breakwater/formats/dsse#parseEnvelope'],
    seeds: written({
      payload: 'e30=',
      payloadType: statementPayloadType,
      signatures: [{ keyid: 'k', sig: 'AAAA' }],
    }),
    read: (document) => parseEnvelope(jsonOf(document)),
  },
  {
    // whoever signs may be the attacker: what is under a good signature is broken here
    reads: ['@breakwater/proof#checkAttestation'],
    share: 0.3,
    seeds: all(statement, written(attested)),
    read: async (document) => {
      const payload = Uint8Array.from(document);
      const envelope = await signEnvelope({ payloadType: statementPayloadType, payload }, [signer]);
      return checkAttestation(envelope, [key]);
    },
  },
  {
    reads: ['@breakwater/correlation#readCrash'],
    share: 0.5,
    seeds: all(
      vectors('packages/correlation/src/vectors', '.txt'),
      realData('stacktraces/clusterfuzz', '.txt'),
    ),
    read: (document) => {
      const crash = readCrash(textOf(document), { target: 'fuzz' });
      if (!crash.ok) return crash;
      return ok([crash.value, identityKeys({ package: 'pkg:npm/a', crash: crash.value })]);
    },
  },
];
