import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { baseEcosystem, compare, parse } from './index.ts';

function signOf(ecosystem: string, a: string, b: string): string {
  const order = compare(ecosystem, a, b);
  return order.ok ? (['<', '=', '>'][order.value + 1] ?? '?') : order.refusal.code;
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

describe('the other ecosystems', () => {
  it.each([
    ['Go', 'v1.2.3', '=', '1.2.3'],
    ['Go', '1.2', '=', '1.2.0'],
    ['Go', '2.0.0+incompatible', '=', '2.0.0'],
    ['Go', '0.0.0-20190308221718-c2843e01d9a2', '<', '0.0.0-20220314234659-1baeb1ce4c0b'],
    ['Go', '1.2.4-0.20220314234659-1baeb1ce4c0b', '>', '1.2.3'],
    ['Go', '1.2.4-0.20220314234659-1baeb1ce4c0b', '<', '1.2.4'],
    ['Go', 'go1.21.3', '=', '1.21.3'],
    ['Go', 'go1.22rc1', '<', '1.22.0'],
    ['Go', 'go1.21.5 X:boringcrypto', '=', '1.21.5'],
    ['crates.io', '1.0.0-alpha.9', '<', '1.0.0-alpha.10'],
    ['crates.io', '1.0.0+a', '=', '1.0.0+b'],
    ['crates.io', `1.0.${'9'.repeat(30)}`, '<', `1.1.0`],
    ['PyPI', '1.0', '=', '1.0.0'],
    ['PyPI', '1.0-1', '=', '1.0.post1'],
    ['PyPI', 'V1.0-ALPHA_1', '=', '1a1'],
    ['PyPI', '1.0.dev1', '<', '1.0a1.dev1'],
    ['PyPI', '1.0', '<', '1.0+debian'],
    ['RubyGems', '1.a.b', '<', '1.a.0.b'],
    ['RubyGems', '1.a.0.b', '<', '1.a'],
    ['RubyGems', '1.a', '<', '1.a.0.1'],
    ['RubyGems', '1.0.0', '=', '1'],
    ['RubyGems', '1.0-java', '<', '1.0'],
    ['NuGet', '1', '=', '1.0.0.0'],
    ['Packagist', 'v1.0', '=', '1.0.0.0'],
    ['Packagist', '1.x-dev', '>', '1.99.0'],
    ['Packagist', '2.0.0-patch1', '>', '2.0.0'],
    ['Packagist', '1.0.0@dev', '=', '1.0.0'],
    ['Maven', '2.0.a', '<', '2-1'],
    ['Maven', '1-1-snapshot', '<', '1-1'],
    ['Maven', '1-constructor', '>', '1-bar'],
    ['Red Hat', '3.0.7-27.el9', '<', '1:3.0.1-1.el9'],
    ['Rocky Linux:9', '1.0~rc1-1', '<', '1.0-1'],
    ['SUSE:Linux Enterprise Server 15', '1.0^git1-1', '>', '1.0-9'],
    ['Alpine:v3.20', '1.36.1_rc2-r9', '<', '1.36.1-r0'],
    ['Alpine', '5.9.1p1-r0', '<', '5.9.2p1-r0'],
    ['Alpine', '1.2~0a1b-r1', '>', '1.2'],
    ['Wolfi', '1.10-r0', '>', '1.9-r9'],
  ])('%s: %s %s %s', (ecosystem, a, sign, b) => {
    expect(signOf(ecosystem, a, b)).toBe(sign);
  });

  it.each([
    ['Go', 'latest'],
    ['Go', 'v1.2.3-01'],
    ['crates.io', 'v1.0.0'],
    ['crates.io', '1.0'],
    ['PyPI', '1.0-bulbasaur'],
    ['PyPI', '>=1.0'],
    ['Maven', '[1.0, 2.0)'],
    ['RubyGems', '~> 1.0'],
    ['RubyGems', ''],
    ['NuGet', '1.2.3.4.5'],
    ['NuGet', '[1.0.0, )'],
    ['Packagist', 'dev-main'],
    ['Packagist', '^1.2'],
    ['Red Hat', '1.0 -1'],
    ['Alpine', '1..2'],
    ['Alpine', '1.2_foo'],
    ['Alpine', '9'.repeat(257)],
  ])('%s refuses %j', (ecosystem, text) => {
    expect(signOf(ecosystem, text, text)).toBe('version-malformed');
  });
});

describe('the ecosystems', () => {
  it('keep the order of their base whatever the release', () => {
    expect(baseEcosystem('Debian:12')).toBe('Debian');
    expect(compare('Debian:12', '1~', '1')).toEqual({ ok: true, value: -1 });
    expect(compare('Ubuntu:22.04:LTS', '1', '1~')).toEqual({ ok: true, value: 1 });
  });

  it('that are not known are refused by name', () => {
    expect(signOf('CRAN', '1', '2')).toBe('ecosystem-unknown');
    expect(signOf('NPM', '1.0.0', '2.0.0')).toBe('ecosystem-unknown');
  });
});
