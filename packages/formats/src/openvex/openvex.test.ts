import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { digestOf, utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publisher, someAdvisory } from '../advisory/testing/some-advisory.ts';
import { conformOpenVex } from './openvex.ts';
import { affectedOfOpenVex } from './read-affected.ts';
import { currentStatements, parseOpenVex, type VexDocument } from './read-openvex.ts';
import { writeOpenVex } from './write-openvex.ts';

const fixtures = resolve(import.meta.dirname, 'fixtures');
const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const trivy = resolve(data, 'sbom/trivy/pkg/vex/testdata');

function read(file: string): VexDocument {
  const document = parseOpenVex(readFileSync(file));
  if (!document.ok) throw new Error(JSON.stringify(document.refusal));
  return document.value;
}

const fixture = (name: string): VexDocument => read(resolve(fixtures, name));

it('the schema is the published one, unchanged', () => {
  const schema = readFileSync(resolve(import.meta.dirname, 'schema/openvex.schema.json'));
  expect(digestOf(schema)).toBe(
    'sha256:9373597734ed1d3ea5161a8b46d3866c4a8cfe76fd632fdd16aef01fb34b3238',
  );
});

describe('a document', () => {
  it.each(['v0.0.1.json', 'v0.0.1-noversion.json'])('of 0.0.1 is read: %s', (name) => {
    expect(fixture(name)).toEqual({
      id: 'https://openvex.dev/docs/example/vex-9fb3463de1b57',
      author: 'Wolfi J Inkinson',
      statements: [
        {
          vulnerability: 'CVE-2023-12345',
          aliases: [],
          products: [
            { id: 'pkg:apk/wolfi/git@2.39.0-r1?arch=armv7', subcomponents: [] },
            { id: 'pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64', subcomponents: [] },
          ],
          status: 'fixed',
          justification: null,
          impact: null,
          action: null,
          at: '2023-01-08T18:02:03.647787998-06:00',
        },
      ],
    });
  });

  it('of 0.2.0 is read with its subcomponents', () => {
    const { statements } = fixture('v0.2.0.json');
    expect(statements.map(({ vulnerability, status }) => `${vulnerability} ${status}`)).toEqual([
      'CVE-2023-1255 fixed',
      'CVE-2023-2650 fixed',
      'CVE-2023-2975 fixed',
      'CVE-2023-3446 not_affected',
      'CVE-2023-3817 not_affected',
    ]);
    expect(statements[3]).toMatchObject({
      products: [
        {
          subcomponents: ['pkg:apk/alpine/libssl3@3.0.8-r3', 'pkg:apk/alpine/libcrypto3@3.0.8-r3'],
        },
      ],
      justification: 'vulnerable_code_not_present',
      impact: 'affected functions were removed before packaging',
    });
  });

  it.each([
    ['not-json', '{'],
    ['openvex-nonconforming', '{}'],
    ['openvex-nonconforming', '{"@context":"https://openvex.dev/ns","statements":[]}'],
    [
      'openvex-nonconforming',
      '{"@context":"https://openvex.dev/ns","statements":[{"vulnerability":"CVE-1","status":"safe"}]}',
    ],
    [
      'openvex-nonconforming',
      '{"@context":"https://openvex.dev/ns","statements":[{"vulnerability":"CVE-1","status":"fixed","products":[{}]}]}',
    ],
  ])('is refused as %s', (code, text) => {
    const document = parseOpenVex(utf8(text));
    expect(document.ok ? '' : document.refusal.code).toBe(code);
  });

  it.skipIf(!existsSync(trivy))('as others publish it is read', () => {
    const files = globSync('openvex*.json', { cwd: trivy });
    expect(files.length).toBeGreaterThan(3);
    for (const file of files)
      expect(read(resolve(trivy, file)).statements.length).toBeGreaterThan(0);
  });
});

describe('of several documents', () => {
  it.each([
    ['0.0.1', ['v001-1.vex.json', 'v001-2.vex.json']],
    ['0.0.1, the other way round', ['v001-2.vex.json', 'v001-1.vex.json']],
  ])('the last word holds: %s', (_, names) => {
    expect(currentStatements(names.map(fixture))).toMatchObject([
      { vulnerability: 'CVE-1234-5678', status: 'fixed', at: '2022-12-22T20:56:05-05:00' },
    ]);
  });

  it('each has its say about what the others are silent on', () => {
    const current = currentStatements(['v020-1.vex.json', 'v020-2.vex.json'].map(fixture));
    expect(current.map(({ vulnerability }) => vulnerability)).toEqual([
      'CVE-9876-54321',
      'CVE-1234-5678',
    ]);
  });

  it('what holds now stays so when it is said again', () => {
    const documents = globSync('*.json', { cwd: fixtures }).map(fixture);
    const statements = currentStatements(documents);
    const again = currentStatements([{ id: null, author: null, statements }]);
    expect(again).toEqual(statements);
  });
});

describe('an advisory as OpenVEX', () => {
  it('says the range in the package URL, so that no fixed version is called affected', () => {
    const [advisory] = fc.sample(someAdvisory, { numRuns: 1, seed: 1 });
    if (advisory === undefined) throw new Error('no advisory');
    const intervals = [{ introduced: '1.0.0', fixed: '1.2.1', lastAffected: null }];
    const affected = [
      { ecosystem: 'Debian:12', name: 'left', purl: 'pkg:deb/debian/left', intervals },
    ];
    const written = writeOpenVex({ ...advisory, affected }, publisher);
    const statements = written.ok ? written.value.statements : [];
    expect(statements.map(({ status, products }) => [status, products[0]?.['@id']])).toEqual([
      ['affected', 'pkg:deb/debian/left?distro=debian-12&vers=vers:deb%2F%3E%3D1.0.0%7C%3C1.2.1'],
      ['fixed', 'pkg:deb/debian/left@1.2.1?distro=debian-12'],
    ]);
    expect(statements[0]?.action_statement).toBe('Update left to 1.2.1, or a later version.');
  });

  it('is refused where it could say nothing', () => {
    const [advisory] = fc.sample(someAdvisory, { numRuns: 1, seed: 1 });
    if (advisory === undefined) throw new Error('no advisory');
    const affected = advisory.affected.map((each) => ({ ...each, purl: null }));
    expect(writeOpenVex({ ...advisory, affected }, publisher).ok).toBe(false);
  });

  it('conforms, and reads again as what was written, whatever was', () => {
    fc.assert(
      fc.property(someAdvisory, (each) => {
        const written = writeOpenVex(each, publisher);
        if (!written.ok) throw new Error(JSON.stringify(written.refusal));
        expect(conformOpenVex(written.value).ok).toBe(true);
        const document = parseOpenVex(utf8(JSON.stringify(written.value)));
        if (!document.ok) throw new Error(JSON.stringify(document.refusal));
        expect(affectedOfOpenVex(document.value)).toEqual(
          each.affected.map(({ purl, intervals }) => ({ purl, intervals })),
        );
        const [first] = document.value.statements;
        expect(new Set([first?.vulnerability, ...(first?.aliases ?? [])])).toEqual(
          new Set([each.id, ...each.aliases]),
        );
      }),
    );
  });
});
