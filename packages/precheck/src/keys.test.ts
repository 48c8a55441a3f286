import { identityKeys, readCrash } from '@breakwater/correlation';
import { bytesToHex, fromUtf8, sha256 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import vectors from '../vectors/keys.json' with { type: 'json' };
import { type Checkable, canonicalPackage, heldAmong, inputOf, precheckKeys } from './keys.ts';

const reading: Checkable = {
  package: 'pkg:deb/debian/cjson@1.7.15?arch=amd64',
  weakness: 'CWE-125',
  location: { path: './src/cJSON.c', function: 'parse_string', line: 120 },
};
const report = `==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602 at pc 0x1 bp 0x2 sp 0x3
READ of size 1 at 0x602 thread T0
    #0 0x4a in parse_string /src/cjson/cJSON.c:786:5
    #1 0x4b in parse_value /src/cjson/cJSON.c:1316:9
    #2 0x4c in LLVMFuzzerTestOneInput /src/fuzz.c:9:3
`;

function crashing(): Checkable {
  const crash = readCrash(report);
  if (!crash.ok) throw new Error(crash.refusal.got);
  return { package: 'pkg:deb/debian/cjson', crash: crash.value };
}

test.each(vectors.keys)('the wire contract: $name', ({ finding, keys }) => {
  const { crash, ...told } = finding as Checkable & { crash?: string };
  const read = crash === undefined ? null : readCrash(crash);
  const made = precheckKeys(read?.ok === true ? { ...told, crash: read.value } : told);
  expect(
    made.map((key) => ({
      granularity: key.granularity,
      use: key.use,
      text: key.text,
      inputSha256: bytesToHex(sha256(inputOf(key))),
    })),
  ).toEqual(keys);
});

test('the version, the spelling of the type and the line do not matter; the package does', () => {
  const texts = (finding: Checkable) => precheckKeys(finding).map((key) => key.text);
  const same = { ...reading, package: 'pkg:DEB/debian/cjson@2.0' };
  const { location } = reading;
  const later = { ...same, location: { ...location, path: 'src/cJSON.c', line: 999 } };
  expect(texts(same)).toEqual(texts(reading));
  expect(texts(later)).toEqual(texts(reading));
  expect(texts({ ...reading, package: 'pkg:deb/debian/jansson' })).not.toEqual(texts(reading));
});

test('a written report finds the crash at its place, and the crash the report', () => {
  const use = (finding: Checkable, not: string) =>
    precheckKeys(finding)
      .filter((key) => key.use !== not)
      .map((key) => fromUtf8(inputOf(key)));
  const [written, crash] = [reading, crashing()];
  const met = (seeker: Checkable, holder: Checkable) =>
    use(seeker, 'hold').filter((text) => use(holder, 'seek').includes(text));
  expect(met(written, crash)).toHaveLength(1);
  expect(met(crash, written)).toHaveLength(1);
});

test.each([
  ['a written report', reading],
  ['a crash', crashing()],
])(
  'what %s is held by is the same, made of the finding or of what correlation made of it',
  (_, of) => {
    const held = precheckKeys(of).filter((key) => key.use !== 'seek');
    const correlated = identityKeys({ ...of, package: canonicalPackage(of.package) ?? '' });
    expect(new Set(heldAmong(correlated))).toEqual(new Set(held));
  },
);

test('no identifier, no fingerprint and nothing vague is a key', () => {
  const { location: _, ...nowhere } = reading;
  expect(precheckKeys(nowhere)).toEqual([]);
  expect(precheckKeys({ ...reading, weakness: 'a bad one' })).toEqual([]);
  expect(precheckKeys({ ...reading, package: 'cjson' })).toEqual([]);
  const loud = { ...reading, identifiers: ['CVE-2026-1'], fingerprint: 'x' };
  expect(precheckKeys(loud)).toEqual(precheckKeys(reading));
});

test.each([
  ['pkg:npm/%40scope/name@1.0.0', 'pkg:npm/@scope/name'],
  ['pkg:PyPI/Some_Name@1', 'pkg:pypi/some-name'],
  ['no purl', null],
])('%s is kept as %s', (text, canonical) => {
  expect(canonicalPackage(text)).toBe(canonical);
});
