import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseInstant } from '@breakwater/kernel';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  findingHash,
  type InterchangeRecord,
  isForEverybody,
  parseRecord,
  recordPath,
  writeRecord,
} from './index.ts';

const text = readFileSync(resolve(import.meta.dirname, 'vectors/interchange.schema.json'), 'utf8');
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const obeysSchema = ajv.compile(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));

const repository = 'https://github.com/acme/lib';
const base = { repository, subPath: '', location: 'src/parse.go', weaknesses: 'CWE-79' };
const hash = findingHash('s', base);

describe('the salted hash of a finding (interchange page, The salted finding hash)', () => {
  test('joins salt, repository, location and weakness by NUL', () => {
    // printf 's\0https://github.com/acme/lib\0src/parse.go\0CWE-79' | sha256sum
    expect(hash).toBe('0b3039bdfad5d56e3fdd9ed1f7348372aeca99a2e9d1c3ee4c2b3f19fbe5aaf1');
  });

  test.each([
    ['the case of the repository', { repository: 'https://github.com/ACME/Lib' }],
    ['slashes behind it', { repository: ' https://github.com/acme/lib// ' }],
    ['.git', { repository: 'https://github.com/acme/lib.git' }],
    ['.git before a slash', { repository: 'https://github.com/acme/lib.git/' }],
    ['a line', { location: 'src/parse.go:42' }],
    ['a line and a column', { location: 'src/parse.go:42:7' }],
    ['a range of lines', { location: 'src/parse.go:10-20' }],
    ['a dot before the path', { location: '././src/parse.go' }],
    ['backslashes', { location: 'src\\parse.go' }],
    ['the case of the path', { location: 'SRC/Parse.go' }],
    ['steps up and down', { location: 'src/x/../parse.go' }],
    ['a second line', { location: 'src/parse.go:42\nelsewhere' }],
    ['the scanned folder', { subPath: '/src/', location: './parse.go' }],
    ['a scanned folder that is all', { subPath: '.', location: 'src/parse.go' }],
    ['the case of the weakness', { weaknesses: ' cwe-79 ' }],
    ['a weakness twice', { weaknesses: 'CWE-79,,cwe-79,' }],
  ])('%s makes no difference', (_, more) => {
    expect(findingHash('s', { ...base, ...more })).toBe(hash);
  });

  test.each([
    ['the salt', 'other', {}],
    ['the repository', 's', { repository: 'https://github.com/acme/other' }],
    ['.git in the middle', 's', { repository: 'https://github.com/acme/lib.git.git' }],
    ['the path', 's', { location: 'src/other.go' }],
    ['a number that is no line', 's', { location: 'src/parse.go:x1' }],
    ['the scanned folder', 's', { subPath: 'sub' }],
    ['the weakness', 's', { weaknesses: 'CWE-89' }],
    ['no weakness', 's', { weaknesses: '' }],
  ])('%s makes one', (_, salt, more) => {
    expect(findingHash(salt, { ...base, ...more })).not.toBe(hash);
  });

  test('the order of weaknesses makes none', () => {
    const one = findingHash('s', { ...base, weaknesses: 'CWE-79,CWE-89' });
    expect(findingHash('s', { ...base, weaknesses: ' cwe-89 , CWE-79' })).toBe(one);
  });
});

const at = parseInstant('2026-07-01T12:00:00Z');
if (at === null) throw new Error('expected an instant');
const advisory = 'GHSA-xxxx-yyyy-zzzz';
const certificate = {
  kind: 'certificate',
  repository,
  advisory,
  advisoryUrl: `https://github.com/advisories/${advisory}`,
  commit: 'abc123',
  auditedAt: at,
} as const;
const records: readonly InterchangeRecord[] = [
  { ...certificate, status: 'fixed' },
  { ...certificate, status: 'bypass', advisoryUrl: null, commit: null },
  { kind: 'claim', hash, contact: 'security@example.com' },
  { kind: 'optout', repository, requestedAt: at, reason: 'leave us alone' },
  { kind: 'optout', repository, requestedAt: at, reason: null },
  { kind: 'route', repository, channel: `${repository}/security/policy`, verifiedAt: at },
];

describe('a record', () => {
  test.each(records.map((record) => [record.kind, record] as const))(
    'obeys the published schema and comes back as it was: %s',
    (_, record) => {
      const written = writeRecord(record);
      expect(obeysSchema(written)).toBe(true);
      expect(parseRecord(written)).toEqual({ ok: true, value: record });
    },
  );

  test('says in its place what it is about', () => {
    expect(records.map(recordPath)).toEqual([
      'certificate/6e492ba4d1fc47637f54358c0f965ffac9d1af3c470fba8ffc11003a2dbb0337.json',
      'certificate/6e492ba4d1fc47637f54358c0f965ffac9d1af3c470fba8ffc11003a2dbb0337.json',
      `claim/${hash}.json`,
      'optout/4852cd3a0ddf21b46613953d92d9e4bc01404691bb482b564c19000cf8c79c8f.json',
      'optout/4852cd3a0ddf21b46613953d92d9e4bc01404691bb482b564c19000cf8c79c8f.json',
      'route/4852cd3a0ddf21b46613953d92d9e4bc01404691bb482b564c19000cf8c79c8f.json',
    ]);
  });

  test('is for everybody unless it speaks of a weakness that is open', () => {
    expect(records.map(isForEverybody)).toEqual([true, false, false, true, true, true]);
  });

  test('names the same advisory whatever its case', () => {
    const held = { ...certificate, status: 'fixed' } as const;
    const other = { ...held, advisory: ` ${advisory.toLowerCase()} ` };
    expect(recordPath(other)).toBe(recordPath(held));
  });

  test('may bear more around what it says', () => {
    const { subject, ...rest } = z
      .looseObject({ subject: z.array(z.looseObject({ digest: z.looseObject({}) })) })
      .parse(writeRecord({ kind: 'claim', hash, contact: 'security@example.com' }));
    const [first] = subject;
    const more = { ...first, uri: 'https://example.com/finding', mediaType: 'application/json' };
    const digest = { ...first?.digest, sha512: 'beef' };
    expect(parseRecord({ ...rest, subject: [{ ...more, digest }] }).ok).toBe(true);
  });
});

interface Changes {
  /** undefined: taken away. */
  readonly predicate?: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

function ofRecord(kind: number) {
  const record = records[kind];
  if (record === undefined) throw new Error('expected a record');
  return z.looseObject({ predicate: z.record(z.string(), z.unknown()) }).parse(writeRecord(record));
}

/** As JSON has it: without the members that are undefined. */
function dropped(value: unknown): unknown {
  return value === undefined ? undefined : z.unknown().parse(JSON.parse(JSON.stringify(value)));
}

describe('what is no record is refused, here as by the published schema', () => {
  const one = (kind: number, change: Changes) => {
    const { predicate, ...rest } = ofRecord(kind);
    const changed = { ...rest, ...change, predicate: { ...predicate, ...change.predicate } };
    return Object.fromEntries(Object.entries(changed).map(([k, v]) => [k, dropped(v)]));
  };
  test.each([
    ['another type', one(2, { _type: 'https://in-toto.io/Statement/v0.1' })],
    ['no subject', one(2, { subject: undefined })],
    ['an empty subject', one(2, { subject: [] })],
    ['another predicate', one(2, { predicateType: 'https://example.com/v1' })],
    ['no digest', one(2, { subject: [{ name: 'finding', digest: {} }] })],
    ['no hex', one(2, { subject: [{ name: 'x', digest: { sha256: 'nope' } }] })],
    ['a claim without contact', one(2, { predicate: { contact: undefined } })],
    ['a severity', one(0, { predicate: { severity: 'critical' } })],
    ['a score', one(0, { predicate: { cvss_score: 9.8 } })],
    ['v1 of a fix that failed', one(0, { predicate: { status: 'bypass' } })],
    ['v2 of a fix that held', one(1, { predicate: { status: 'fixed' } })],
    ['yesterday', one(0, { predicate: { audited_at: 'yesterday' } })],
    ['a thirteenth month', one(3, { predicate: { requested_at: '2026-13-45' } })],
    ['an opt-out of nothing', one(3, { predicate: { repository: undefined } })],
    ['a route to nowhere', one(5, { predicate: { channel: undefined } })],
  ])('%s', (_, statement) => {
    expect(obeysSchema(statement)).toBe(false);
    expect(parseRecord(statement)).toMatchObject({ refusal: { code: 'record-malformed' } });
  });

  test('a record of one thing filed under another is refused, which no schema can say', () => {
    const statement = one(3, { predicate: { repository: 'https://github.com/acme/other' } });
    expect(obeysSchema(statement)).toBe(true);
    expect(parseRecord(statement)).toMatchObject({ refusal: { code: 'subject-mismatch' } });
  });

  test('nothing that is read breaks the schema', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...records), (value, record) => {
        const written = z.record(z.string(), z.json()).parse(writeRecord(record));
        const given = { ...written, predicate: value };
        if (parseRecord(given).ok) expect(obeysSchema(given)).toBe(true);
      }),
    );
  });
});
