import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { baseEcosystem, compare, parse } from './index.ts';

const vectors = resolve(import.meta.dirname, '../vectors');
const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const upstream = resolve(data, 'conformance/version-compare/semantic/testdata');

/** Lines of osv-scalibr's semver list that npm's own semver refuses, and therefore so do we. */
const refusedByNpm = [/^9{20,}/, /^1\.1\.3\.4\.5 /];

function pairsOf(file: string): [string, string, string][] {
  const pairs: [string, string, string][] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const found = /^(\S+) ([<=>]) (\S+)$/.exec(line.trim());
    if (found?.[1] && found[2] && found[3]) pairs.push([found[1], found[2], found[3]]);
  }
  return pairs;
}

function signOf(ecosystem: string, a: string, b: string): string {
  const order = compare(ecosystem, a, b);
  return order.ok ? (['<', '=', '>'][order.value + 1] ?? '?') : order.refusal.code;
}

const cases: [string, string, number][] = [
  ['Debian', 'debian-versions.txt', 25],
  ['npm', 'semver-versions.txt', 80],
];

for (const folder of [vectors, upstream]) {
  describe.skipIf(!existsSync(folder))(`osv-scalibr's ordered pairs in ${folder}`, () => {
    it.each(cases)('%s orders every pair of %s', (ecosystem, file, atLeast) => {
      const pairs = pairsOf(resolve(folder, file));
      const wanted = pairs.filter(
        ([a, sign]) => ecosystem !== 'npm' || !refusedByNpm.some((r) => r.test(`${a} ${sign}`)),
      );
      expect(wanted.length).toBeGreaterThanOrEqual(atLeast);
      const wrong = wanted.filter(([a, sign, b]) => signOf(ecosystem, a, b) !== sign);
      expect(wrong).toEqual([]);
    });
  });
}

const debianPart = fc.string({
  unit: fc.constantFrom(...'0 0 1 1 2 9 ~ ~ . . + - a b : Z z'.split(' ')),
  minLength: 1,
  maxLength: 8,
});
const debianVersion = fc
  .tuple(
    fc.constantFrom('', '0:', '1:', '007:'),
    debianPart,
    fc.constantFrom('', '-0', '-1', '-a~'),
  )
  .map((parts) => parts.join(''))
  // dpkg's command line takes what begins with a hyphen for an option.
  .filter((text) => !text.startsWith('-') && parse('Debian', text).ok);
const npmVersion = fc
  .tuple(
    fc.tuple(fc.nat(12), fc.nat(12), fc.nat(120)),
    fc.constantFrom('', '-0', '-1', '-rc.2', '-rc.11', '-rc', '-a-b', '-alpha', '-a.b.1', '-A'),
    fc.constantFrom('', '+build', '+other'),
  )
  .map(([release, prerelease, build]) => release.join('.') + prerelease + build);

describe.each([
  ['Debian', debianVersion],
  ['npm', npmVersion],
] as const)('the order of %s', (ecosystem, version) => {
  const order = (a: string, b: string): number => {
    const result = compare(ecosystem, a, b);
    if (!result.ok) throw new Error(result.refusal.got);
    return result.value;
  };
  it('is total: reflexive, antisymmetric and transitive', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(order(a, a)).toBe(0);
        expect(order(a, b) + order(b, a)).toBe(0);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('npm', () => {
  it("orders as npm's semver does", () => {
    fc.assert(
      fc.property(npmVersion, npmVersion, (a, b) => {
        expect(compare('npm', a, b)).toEqual({ ok: true, value: semver.compare(a, b) });
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['1.2.3-rc.2', '<', '1.2.3-rc.11'],
    ['1.2.3-rc.11', '<', '1.2.3'],
    ['1.2.3-alpha', '<', '1.2.3-alpha.0'],
    ['1.2.3-9', '<', '1.2.3-10'],
    ['1.2.3-99', '<', '1.2.3-a'],
    ['1.2.3-a', '<', '1.2.3-a-'],
    ['9.0.0', '<', '10.0.0'],
    ['1.0.0+1', '=', '1.0.0+2'],
  ])('%s %s %s', (a, sign, b) => {
    expect(signOf('npm', a, b)).toBe(sign);
  });

  it.each(['', '1', '1.2', 'latest', '1.2.3.4', '01.2.3', '1.2.3-', '9007199254740992.0.0'])(
    'refuses %j',
    (text) => expect(signOf('npm', text, '1.0.0')).toBe('version-malformed'),
  );
});

describe('Debian', () => {
  it.each([
    ['1.0~~', '<', '1.0~~a'],
    ['1.0~~a', '<', '1.0~'],
    ['1.0~', '<', '1.0'],
    ['1.0', '<', '1.0a'],
    ['1.0a', '<', '1.0+'],
    ['1.0', '=', '1.0-0'],
    ['1.0', '=', '1.0-00'],
    ['1.', '=', '1.0'],
    ['0:1', '=', '1'],
    ['2', '<', '1:0'],
    ['1.0-1', '<', '1.0-1+deb12u1'],
    ['1.0-1+deb12u9', '<', '1.0-1+deb12u10'],
    ['1.0-1~bpo12+1', '<', '1.0-1'],
    ['1.0-2-1', '>', '1.0-1-9'],
    [`1.${'9'.repeat(100)}`, '<', `1.1${'0'.repeat(100)}`],
  ])('%s %s %s', (a, sign, b) => {
    expect(signOf('Debian', a, b)).toBe(sign);
  });

  it.each([
    '',
    ':1',
    'a:1',
    '2147483648:1',
    '1:',
    '1-',
    '-1',
    '1 2',
    '1_2',
    '1\n',
    '9'.repeat(257),
  ])('refuses %j', (text) => expect(signOf('Debian', text, '1')).toBe('version-malformed'));

  const dpkgMissing = spawnSync('dpkg', ['--version']).status !== 0;
  it.skipIf(dpkgMissing)('orders as `dpkg --compare-versions` does', () => {
    const dpkgSign = (a: string, b: string): string => {
      for (const [word, sign] of [
        ['lt', '<'],
        ['eq', '='],
        ['gt', '>'],
      ] as const) {
        const run = spawnSync('dpkg', ['--compare-versions', a, word, b], { stdio: 'ignore' });
        if (run.status === 0) return sign;
      }
      return 'refused';
    };
    fc.assert(
      fc.property(debianVersion, debianVersion, (a, b) => {
        expect(`${a} ${signOf('Debian', a, b)} ${b}`).toBe(`${a} ${dpkgSign(a, b)} ${b}`);
      }),
      { numRuns: 300 },
    );
  });

  const listed = dpkgMissing ? '' : execFileSync('dpkg-query', ['-W']);
  it.skipIf(dpkgMissing)('parses every version installed on this machine', () => {
    const versions = listed
      .toString()
      .split('\n')
      .flatMap((line) => line.split('\t')[1] || []);
    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter((text) => !parse('Debian', text).ok)).toEqual([]);
  });
});

describe('the ecosystems', () => {
  it('keep the order of their base whatever the release', () => {
    expect(baseEcosystem('Debian:12')).toBe('Debian');
    expect(compare('Debian:12', '1~', '1')).toEqual({ ok: true, value: -1 });
    expect(compare('Ubuntu:22.04:LTS', '1', '1~')).toEqual({ ok: true, value: 1 });
  });

  it('that are not known are refused by name', () => {
    expect(signOf('PyPI', '1', '2')).toBe('ecosystem-unknown');
    expect(signOf('NPM', '1.0.0', '2.0.0')).toBe('ecosystem-unknown');
  });
});
