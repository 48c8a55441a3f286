import { bytesToHex, canonicalJson, fromUtf8, type Json, sha256, utf8 } from '@breakwater/kernel';
import { insideDomain, requestCommitment } from '@breakwater/log';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitmentOf, insideSalt, requestSalt } from './commitment.ts';
import { RequestRow } from './request-row.ts';

const id = (kind: string, letter: string) => `${kind}_${letter.repeat(26)}`;
const row = RequestRow.parse({
  id: id('request', '1'),
  key: id('gkey', '2'),
  holder: id('member', '3'),
  party: id('party', '4'),
  developer: id('party', '5'),
  standsOn: id('partner', '6'),
  model: id('model', '7'),
  upstream: id('upstream', '8'),
  process: 'gateway-1',
  startedAt: '2026-11-22T09:30:00.000Z',
  endedAt: '2026-11-22T09:30:01.000Z',
  path: 'chat',
  job: null,
  stream: true,
  status: 200,
  figures: 'upstream',
  reserved: { inputTokens: 100, outputTokens: 500, costMicros: 900 },
  settled: { inputTokens: 90, outputTokens: 7, costMicros: 100 },
  currency: 'USD',
  requestDigest: `sha256:${'a'.repeat(64)}`,
  responseDigest: null,
  marks: [],
  salt: '0f'.repeat(32),
});

const rows = fc
  .record({
    marks: fc.array(fc.constantFrom('prompts-alike', 'volume-at-quota'), { maxLength: 3 }),
    status: fc.integer({ min: 100, max: 599 }),
    settled: fc.record({
      outputTokens: fc.maxSafeNat(),
      costMicros: fc.maxSafeNat(),
      inputTokens: fc.maxSafeNat(),
    }),
    salt: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex),
    stream: fc.boolean(),
    upstream: fc.constantFrom(row.upstream, null),
  })
  .map((changed) => RequestRow.parse({ ...row, ...changed }));

test('GAT-40 the commitment written out for speed is that of the page, and its JSON canonical', () => {
  fc.assert(
    fc.property(rows, (each) => {
      const salt = Buffer.from(each.salt, 'hex');
      const { content, inside, commitment } = commitmentOf(each);
      const said: Record<string, Json> = JSON.parse(content);
      expect(content).toBe(fromUtf8(canonicalJson(said)));
      expect(inside).toBe(fromUtf8(canonicalJson(JSON.parse(inside))));
      expect(bytesToHex(requestCommitment(requestSalt(salt), said))).toBe(bytesToHex(commitment));
      const insides = Buffer.concat([utf8(insideDomain), insideSalt(salt), utf8(inside)]);
      expect(said['inside']).toBe(bytesToHex(sha256(insides)));
    }),
    { numRuns: 50 },
  );
});

test('GAT-41 whoever is shown a request is told neither its endpoint nor its marks', () => {
  const marked = { ...row, marks: ['canary-in-answer'] };
  const { content } = commitmentOf(marked);
  for (const word of ['canary', row.upstream ?? '', row.model, row.process, row.salt]) {
    expect(content).not.toContain(word);
  }
  // Without the salt of the row nobody gets from the one part's salt to the other's.
  const salt = Buffer.from(row.salt, 'hex');
  expect(requestSalt(salt)).not.toEqual(insideSalt(salt));
});
