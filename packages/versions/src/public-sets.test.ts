import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare } from './index.ts';

const vectors = resolve(import.meta.dirname, '../vectors');
const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data', 'conformance');

/** Lines we do not answer as the list does, and why. */
interface Difference {
  readonly why: string;
  readonly line: RegExp;
}

const invalid = (why: string, line: RegExp): Difference => ({ why, line });

const differences: Readonly<Record<string, readonly Difference[]>> = {
  npm: [
    invalid('npm refuses numbers above 2^53 - 1', /^9{20,}/),
    invalid('five numbers: npm refuses them', /^1\.1\.3\.4\.5 /),
  ],
  PyPI: [invalid('no version by PEP 440; pip and PyPI refuse it', /./)],
  Maven: [
    {
      why:
        'made with Maven before 3.9, where `.word` came before `-word`; since then both are the ' +
        'same (MNG-7644), and only that order has no circles',
      line: /\.[a-z]|_|^2\.9\.0-1 /i,
    },
  ],
  Packagist: [
    {
      why: 'version_compare() on texts as they stand; Composer pads and lowers them first',
      line: /^(v?\d+(\.\d+)+ [<=>] v?\d+(\.\d+)*(-\w.*)?|v1\.9\.0-|v4-beta4|5\.1\.0-stable)/,
    },
    invalid('no version by Composer’s rule', /#|post|test|\.dev\d|^4\.3-2/),
    invalid('a branch has no place among releases', /dev-foo/),
  ],
  Alpine: [invalid('`apk version --check` refuses it', /./)],
};

const lists: readonly (readonly [ecosystem: string, list: string, atLeast: number])[] = [
  ['npm', 'semver', 80],
  ['PyPI', 'pypi', 26],
  ['Maven', 'maven', 100],
  ['RubyGems', 'rubygems', 25],
  ['NuGet', 'nuget', 35],
  ['Packagist', 'packagist', 80],
  ['Debian', 'debian', 25],
  ['Red Hat', 'redhat', 160],
  ['Alpine', 'alpine', 740],
];

function pairsOf(files: readonly string[]): [string, string, string][] {
  const pairs: [string, string, string][] = [];
  for (const file of files.filter((each) => existsSync(each))) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const found = /^(?!#|\/\/)(\S+) ([<=>]) (\S+)$/.exec(line.trim());
      if (found?.[1] && found[2] && found[3]) pairs.push([found[1], found[2], found[3]]);
    }
  }
  return pairs;
}

/** The sign, or the code of a refusal. */
function signOf(ecosystem: string, a: string, b: string): string {
  const order = compare(ecosystem, a, b);
  return order.ok ? (['<', '=', '>'][order.value + 1] ?? '?') : order.refusal.code;
}

for (const folder of [vectors, resolve(data, 'version-compare/semantic/testdata')]) {
  describe.skipIf(!existsSync(folder))(`osv-scalibr's ordered pairs in ${folder}`, () => {
    it.each(lists)('%s orders every pair of %s', (ecosystem, list, atLeast) => {
      const names = ['', '-generated', '-generated-sample'];
      const pairs = pairsOf(names.map((part) => resolve(folder, `${list}-versions${part}.txt`)));
      const known = differences[ecosystem] ?? [];
      const other: string[] = [];
      let same = 0;
      for (const [a, sign, b] of pairs) {
        const own = signOf(ecosystem, a, b);
        const line = `${a} ${sign} ${b}`;
        if (own === sign) same += 1;
        else if (!known.some((each) => each.line.test(line))) other.push(`${line}, not ${own}`);
      }
      expect(other).toEqual([]);
      expect(same).toBeGreaterThanOrEqual(atLeast);
    });

    it.each(['PyPI', 'Alpine'])(
      '%s refuses where it differs, and never answers wrongly',
      (name) => {
        const list = lists.find(([ecosystem]) => ecosystem === name)?.[1] ?? '';
        const files = ['', '-generated', '-generated-sample'].map((part) =>
          resolve(folder, `${list}-versions${part}.txt`),
        );
        const wrong = pairsOf(files).filter(([a, sign, b]) => {
          return ![sign, 'version-malformed'].includes(signOf(name, a, b));
        });
        expect(wrong).toEqual([]);
      },
    );
  });
}

interface VersTest {
  readonly test_type: string;
  readonly input: { readonly versions: readonly [string, string] };
  readonly expected_output: boolean | readonly string[];
}

const vers = resolve(data, 'vers-spec/tests');

describe.skipIf(!existsSync(vers))("vers-spec's comparisons", () => {
  // Its other schemes (alpm, conan, gentoo, openssl, nginx, datetime, lexicographic) are of no
  // ecosystem whose advisories are read here, and the notation `vers:` itself is not read either.
  it.each([
    ['Alpine', 'alpine', 716, []],
    ['NuGet', 'nuget', 33, []],
    // Maven before 3.9, as above.
    ['Maven', 'maven', 977, ['2-1 2.0.a', '2-1 2.0.0.a', '2.0.a 2.0.0.a']],
  ] as const)('of %s', (ecosystem, file, count, different) => {
    const text = readFileSync(resolve(vers, `${file}_version_cmp_test.json`), 'utf8');
    const { tests } = JSON.parse(text) as { tests: VersTest[] }; // pays: its schema, vers-test 0.2
    expect(tests.length).toBe(count);
    const failed = tests.flatMap(({ test_type, input, expected_output: wanted }) => {
      const [a, b] = input.versions;
      const sign = signOf(ecosystem, a, b);
      if (test_type === 'equality') return (sign === '=') === wanted ? [] : [`${a} ${b}`];
      const sorted = sign === '>' ? [b, a] : [a, b];
      const expected = Array.isArray(wanted) ? wanted.join(' ') : '';
      return sorted.join(' ').toLowerCase() === expected.toLowerCase() ? [] : [expected];
    });
    expect([...new Set(failed)]).toEqual(different);
  });
});
