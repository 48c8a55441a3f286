import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCrash } from './crash/read-crash.ts';
import { explainJoin, type Identifiable, identityKeys, normalizeIdentifier } from './identity.ts';
import { signatureOf } from './signature.ts';

const cJson = 'pkg:generic/cjson';

function crash(lines: readonly string[]) {
  const read = readCrash(lines.join('\n'));
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value;
}

const place = `location-and-weakness ${cJson} | out-of-bounds`;

const overflow = (size: number, root = '') =>
  crash([
    '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000017 at pc 0x5 bp 0x7',
    `READ of size ${size} at 0x602000000017 thread T0`,
    `    #0 0x55fc5c99884f in parse_string ${root}cJSON.c:777`,
    `    #1 0x55fc5c99c287 in parse_value ${root}cJSON.c:1356`,
  ]);

const nowhere = crash([
  '==1==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000000 (pc 0x0 bp 0x7 sp 0x7 T0)',
  '    #0 0x0  (<unknown module>)',
]);

describe('the signature of a crash', () => {
  test('is its kind and state, whatever the access size', () => {
    expect(signatureOf(overflow(1))).toBe('Heap-buffer-overflow READ | parse_string | parse_value');
    expect(signatureOf(overflow(64))).toBe(signatureOf(overflow(1)));
  });
});

describe('identity keys', () => {
  const rows: readonly (readonly [string, Identifiable, readonly string[]])[] = [
    [
      'a crash gives its signature and its place',
      { package: `${cJson}@1.7.15?arch=x`, crash: overflow(1, '/src/cjson/') },
      [
        `both crash-signature ${cJson} | Heap-buffer-overflow READ | parse_string | parse_value`,
        `hold ${place} | cJSON.c:parse_string | crashed`,
        `seek ${place} | cJSON.c:parse_string | reported`,
        `hold ${place} | cJSON.c:777 | crashed`,
        `seek ${place} | cJSON.c:777 | reported`,
      ],
    ],
    ['a crash without a name gives none', { package: cJson, crash: nowhere }, []],
    [
      'a report with a function is placed by it, without line and directories',
      {
        package: cJson,
        weakness: 'CWE-122',
        location: { path: './v/cJSON.c', function: 'parse_string(char *)', line: 9 },
      },
      [
        `seek ${place} | cJSON.c:parse_string | crashed`,
        `both ${place} | cJSON.c:parse_string | reported`,
      ],
    ],
    [
      'a report without one is placed by path and line',
      { package: 'pkg:NPM/%40a/b@1', weakness: 'cwe-79', location: { path: 'lib\\x.js', line: 3 } },
      [
        'seek location-and-weakness pkg:npm/%40a/b | cwe-79 | lib/x.js:3 | crashed',
        'both location-and-weakness pkg:npm/%40a/b | cwe-79 | lib/x.js:3 | reported',
      ],
    ],
    [
      'a place without weakness, or a path without line and function, gives none',
      { package: cJson, location: { path: 'a.c', line: 1 } },
      [],
    ],
    [
      'identifiers are spelled one way and counted once',
      { package: cJson, identifiers: ['cve-2023-53154', 'CVE-2023-53154 ', 'CVE-1', 'a b'] },
      ['both identifier CVE-2023-53154'],
    ],
  ];
  test.each(rows)('%s', (_name, finding, keys) => {
    expect(identityKeys(finding).map((key) => `${key.use} ${key.kind} ${key.text}`)).toEqual(keys);
  });

  test('of another package never meet, except by identifier', () => {
    const one: Identifiable = {
      package: cJson,
      crash: overflow(1),
      identifiers: ['GHSA-2222-3333-4444'],
    };
    const other: Identifiable = { ...one, package: 'pkg:generic/jq' };
    expect(explainJoin(one, other).map((reason) => reason.kind)).toEqual(['identifier']);
  });
});

test('a crash and a written report of one place are explained as one', () => {
  const report: Identifiable = {
    package: cJson,
    weakness: 'CWE-125',
    location: { path: 'cJSON.c', function: 'parse_string' },
  };
  expect(explainJoin({ package: `${cJson}@1.7.15`, crash: overflow(1, 'v/') }, report)).toEqual([
    {
      kind: 'location-and-weakness',
      sentence:
        'the same kind of weakness in the same place of the same package: ' +
        'pkg:generic/cjson | out-of-bounds | cJSON.c:parse_string',
    },
  ]);
});

test('two crashes in one function, reached by other ways, are not one by their place', () => {
  const other = crash([
    '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000017 at pc 0x5 bp 0x7',
    'READ of size 1 at 0x602000000017 thread T0',
    '    #0 0x55fc5c99884f in parse_string cJSON.c:777',
    '    #1 0x55fc5c99c287 in parse_object cJSON.c:1656',
  ]);
  const [a, b] = [
    { package: cJson, crash: overflow(1) },
    { package: cJson, crash: other },
  ];
  expect(explainJoin(a, b)).toEqual([]);
  expect(explainJoin(a, a).map((reason) => reason.kind)).toEqual(['crash-signature']);
});

test('a crash in a helper of a header is placed at its caller', () => {
  const inlined = crash([
    '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000017 at pc 0x5 bp 0x7',
    'READ of size 1 at 0x602000000017 thread T0',
    '    #0 0x55fc5c99884f in EXTRACT_16BITS ./extract.h:144',
    '    #1 0x55fc5c99c287 in eap_print print-eap.c:242',
  ]);
  const places = identityKeys({ package: cJson, crash: inlined }).filter(
    ({ use }) => use === 'hold',
  );
  expect(places.map(({ text }) => text)).toEqual([
    'pkg:generic/cjson | out-of-bounds | print-eap.c:eap_print | crashed',
    'pkg:generic/cjson | out-of-bounds | print-eap.c:242 | crashed',
  ]);
});

test('explaining does not depend on the order, and keys are stable', () => {
  const word = fc.constantFrom('a', 'b', '', '..', '/', '\\', '(', '@', 'CWE-1', 'CVE-2020-1234');
  const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(''));
  const finding = fc.record({
    package: text,
    weakness: text,
    location: fc.record({ path: text, function: text, line: fc.nat() }),
    identifiers: fc.array(text, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(finding, finding, (a, b) => {
      const kinds = (x: Identifiable, y: Identifiable) =>
        explainJoin(x, y)
          .map((reason) => `${reason.kind} ${reason.sentence}`)
          .toSorted();
      expect(kinds(a, b)).toEqual(kinds(b, a));
      const held = identityKeys(a).filter((key) => key.use === 'both');
      expect(explainJoin(a, a).length).toBe(held.length);
    }),
  );
});

test.each([
  ['ghsa-2222-3333-CFGH', 'GHSA-2222-3333-cfgh'],
  ['rustsec-2020-0001', 'RUSTSEC-2020-0001'],
  ['DSA-5000-1', 'DSA-5000-1'],
  ['GHSA-short', null],
  ['like CVE-2020-1234', null],
  [`A${'-'.repeat(5000)}`, null],
])('identifier %j reads %j', (text, expected) => {
  expect(normalizeIdentifier(text)).toBe(expected);
});
