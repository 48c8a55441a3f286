import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asObject, asText } from '../json/read-json.ts';
import { buildPurl, parsePurl } from './purl.ts';

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const suite = resolve(data, 'conformance/purl-spec/tests');

/** Types whose own rules packageurl-js 2.0.1 does not know; none of them is matched. */
const typesWithoutRules = [
  'brew',
  'chrome-extension',
  'cpan',
  'git',
  'julia',
  'otp',
  'vcpkg',
  'vscode-extension',
];

/**
 * The suite refuses qualifier keys in upper case for gem and rpm and lowers them for maven; one
 * rule for all types lowers them.
 */
const contradictions = /qualifier keys? .*lowercase/;

/** What a case of the suite gives here: the canonical text or the parts, or null if refused. */
function outcomeOf(kind: unknown, input: unknown): unknown {
  if (kind !== 'build') {
    const purl = parsePurl(String(input));
    if (!purl.ok) return null;
    if (kind !== 'parse') return purl.value.canonical;
    const { type, namespace = null, name, version = null, subpath = null } = purl.value;
    const pairs = Object.fromEntries(purl.value.qualifiers);
    const qualifiers = purl.value.qualifiers.size === 0 ? null : pairs;
    return { type, namespace, name, version, qualifiers, subpath };
  }
  const parts = asObject(input) ?? {};
  const pairs = Object.entries(asObject(parts['qualifiers']) ?? {});
  const built = buildPurl({
    type: asText(parts['type']) ?? '',
    namespace: asText(parts['namespace']),
    name: asText(parts['name']) ?? '',
    version: asText(parts['version']),
    qualifiers: Object.fromEntries(pairs.map(([key, value]) => [key, String(value)])),
    subpath: asText(parts['subpath']),
  });
  return built.ok ? built.value.canonical : null;
}

describe.skipIf(!existsSync(suite))("the purl specification's test suite", () => {
  it('passes for every type with rules', () => {
    let cases = 0;
    for (const file of globSync(resolve(suite, '*/*-test.json'))) {
      if (typesWithoutRules.includes(basename(file, '-test.json'))) continue;
      const document = asObject(JSON.parse(readFileSync(file, 'utf8')));
      for (const each of Array.isArray(document?.['tests']) ? document['tests'] : []) {
        const test = asObject(each) ?? {};
        if (contradictions.test(String(test['expected_message']))) continue;
        const found = outcomeOf(test['test_type'], test['input']);
        const wanted = test['expected_failure'] === true ? null : test['expected_output'];
        expect({ file, test, found }).toEqual({ file, test, found: wanted });
        cases += 1;
      }
    }
    expect(cases).toBeGreaterThan(450);
  });
});

describe('a package URL', () => {
  it.each([
    ['pkg:npm/%40angular/animation@12.3.1', 'pkg:npm/%40angular/animation@12.3.1'],
    ['pkg:npm/@angular/animation@12.3.1', 'pkg:npm/%40angular/animation@12.3.1'],
    ['pkg://NPM/Foo@1.0.0', 'pkg:npm/foo@1.0.0'],
    [
      'pkg:deb/debian/attr@1:2.4.47-2+b1?arch=amd64',
      'pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64',
    ],
  ])('%s is in canonical form %s', (text, canonical) => {
    const parsed = parsePurl(text);
    expect(parsed.ok && parsed.value.canonical).toBe(canonical);
  });

  it.each([
    '',
    'pkg:',
    'pkg:npm',
    'pkg:npm/',
    'npm/foo@1',
    'pkg:npm/%zz',
    'pkg:n pm/a',
    'x'.repeat(5000),
  ])('refuses %j', (text) => {
    const parsed = parsePurl(text);
    expect(parsed.ok ? parsed.value : parsed.refusal.code).toBe('purl-malformed');
  });
});
