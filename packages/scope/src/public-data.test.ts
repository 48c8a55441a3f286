import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parsePurl } from '@breakwater/formats/purl';
import { describe, expect, it } from 'vitest';
import { parseExtent } from './extent.ts';
import { overlapOf } from './overlap.ts';
import { parseTarget } from './parse-target.ts';
import { parsePlace } from './place.ts';
import { formatVers, parseVers } from './version-range.ts';

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const purls = resolve(data, 'conformance/purl-spec/tests');
const ranges = resolve(data, 'conformance/vers-spec/tests');
const programs = resolve(data, 'scope/diodb/program-list.sqlite');

interface Case {
  readonly test_type: string;
  readonly input: unknown;
  readonly expected_output?: unknown;
  readonly expected_failure?: boolean;
  readonly file: string;
}

/** The cases of a suite; both suites have this shape. */
function casesOf(pattern: string): readonly Case[] {
  return globSync(pattern).flatMap((file) => {
    const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
    // The suites' own schemas promise a list of such cases.
    const { tests } = document as { readonly tests: readonly Omit<Case, 'file'>[] };
    return tests.map((each) => ({ ...each, file: basename(file) }));
  });
}

describe.skipIf(!existsSync(purls))("the purl specification's test suite as targets", () => {
  const cases = casesOf(`${purls}/*/*-test.json`);
  const texts = new Set(
    cases
      .flatMap(({ input, expected_output: output }) => [input, output])
      .filter((each) => typeof each === 'string')
      .filter((text) => parsePurl(text).ok),
  );

  it('names a place for each, whose canonical text is read as itself', () => {
    const none: string[] = [];
    for (const text of texts) {
      const place = parsePlaceOf(text);
      if (place === null) {
        none.push(text);
        continue;
      }
      expect(parseTarget(place.text)).toEqual({ ok: true, value: place });
    }
    expect(texts.size).toBeGreaterThan(200);
    expect(none.filter((text) => !isHostless(text))).toEqual([]);
  });

  it('names one place for two spellings of one purl', () => {
    let count = 0;
    for (const { input, expected_output: output, test_type: type } of cases) {
      if (type !== 'validate' || typeof input !== 'string' || typeof output !== 'string') continue;
      if (!texts.has(input) || !texts.has(output) || isHostless(input)) continue;
      expect([input, parsePlaceOf(input)?.lineage]).toEqual([input, parsePlaceOf(output)?.lineage]);
      count += 1;
    }
    expect(count).toBeGreaterThan(100);
  });

  it('refuses what is no purl', () => {
    for (const { input, expected_failure: fails } of cases) {
      if (fails !== true || typeof input !== 'string' || parsePurl(input).ok) continue;
      expect(parseTarget({ kind: 'package', text: input }).ok).toBe(false);
    }
  });

  /** The suite's one purl of type git calls a host `github`, which is none. */
  function isHostless(text: string): boolean {
    return text.startsWith('pkg:git/github/');
  }

  /** The place of a purl without its version, which may be of a type without a known order. */
  function parsePlaceOf(text: string) {
    const parsed = parsePurl(text);
    if (!parsed.ok) return null;
    const { version, qualifiers } = parsed.value;
    const bare = version === undefined ? text : withoutVersion(parsed.value.canonical);
    const target = parseTarget(qualifiers.has('vers') ? '' : bare);
    return target.ok ? target.value : null;
  }

  function withoutVersion(canonical: string): string {
    return canonical.replace(/@[^?#]*/, '');
  }
});

describe.skipIf(!existsSync(ranges))("the vers specification's test suite as versions", () => {
  const cases = casesOf(`${ranges}/*.json`);
  const term = { methods: ['read'], from: '2026-01-01T00:00:00Z', until: null };

  it('holds the versions that each range contains, and no other', () => {
    let count = 0;
    for (const { input, test_type: type, expected_output: expected } of cases) {
      if (type !== 'containment') continue;
      // The suite's schema promises both texts.
      const { vers, version } = input as { readonly vers: string; readonly version: string };
      const scheme = /^vers:([^/]+)/.exec(vers)?.[1] ?? '';
      const [a, b] = [vers, `vers:${scheme}/${version}`].map((versions) =>
        parseExtent({ places: [{ target: `pkg:${scheme}/foo`, versions }], ...term }),
      );
      if (a?.ok !== true || b?.ok !== true) throw new Error(`${vers} ${version}`);
      expect({ vers, version, in: overlapOf(a.value, b.value) !== null }).toEqual({
        vers,
        version,
        in: expected,
      });
      count += 1;
    }
    expect(count).toBe(11);
  });

  it('reads each range of a known order, and writes it so that it is read as the same', () => {
    let count = 0;
    const texts = cases
      .map(({ expected_output: output }) => output)
      .filter((output) => typeof output === 'string')
      .filter((output) => /^vers:(npm|pypi|gem|nuget|maven|alpine)\//.test(output));
    const refused: string[] = [];
    for (const text of new Set(texts)) {
      const parsed = parseVers(text);
      if (!parsed.ok) {
        refused.push(`${text} ${parsed.refusal.todo}`);
        continue;
      }
      expect(parseVers(formatVers(parsed.value))).toEqual(parsed);
      count += 1;
    }
    // The specification wants each version once; the suite's own output keeps to it but in these.
    expect(refused.filter((each) => !each.endsWith('it names one version twice'))).toEqual([]);
    expect(refused.length).toBeLessThan(6);
    expect(count).toBeGreaterThan(300);
  });
});

describe.skipIf(!existsSync(programs))('the addresses of disclosure programmes', () => {
  it('name places that are read as themselves; what has a query or a fragment is refused', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(programs, { readOnly: true });
    const rows = ['policy_url', 'contact_url', 'securitytxt_url'].flatMap((column) =>
      database.prepare(`SELECT ${column} AS url FROM diodb WHERE ${column} LIKE 'http%'`).all(),
    );
    database.close();
    const urls = [...new Set(rows.map(({ url }) => String(url)))];
    const refused: string[] = [];
    for (const url of urls) {
      const target = parseTarget({ kind: 'url', text: url });
      if (!target.ok) {
        if (!/[?#]/.test(url)) refused.push(url);
        continue;
      }
      expect(/[?#]/.test(url)).toBe(false);
      const { text } = target.value;
      expect(parseTarget({ kind: 'url', text })).toEqual(target);
      const host = new URL(url).hostname;
      expect(target.value).toMatchObject({ host });
      const parent = parsePlace(host);
      expect(parent.ok && target.value.lineage.startsWith(parent.value.target.lineage)).toBe(true);
    }
    expect(urls.length).toBeGreaterThan(1_800);
    expect(refused).toEqual([]);
  });
});
