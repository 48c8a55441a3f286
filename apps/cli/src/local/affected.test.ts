import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { runCli } from '../../test/run-cli.ts';

const demo = path.resolve(import.meta.dirname, '../../../../demo/inventories');

const Facts = z.object({
  advisories: z.array(
    z.object({
      id: z.string(),
      package: z.string(),
      binaries: z.array(z.string()).optional(),
      affected: z.array(
        z.object({ ecosystem: z.string(), events: z.array(z.record(z.string(), z.string())) }),
      ),
    }),
  ),
});
const Expected = z.object({
  inventories: z.array(
    z.object({
      file: z.string(),
      release: z.string().optional(),
      verdicts: z.record(
        z.string(),
        z.object({ affected: z.boolean(), components: z.array(z.string()).default([]) }),
      ),
    }),
  ),
});
const Answer = z.object({
  affected: z.array(
    z.object({
      advisory: z.string(),
      component: z.object({
        name: z.string(),
        version: z.string(),
        installedAs: z.string().optional(),
      }),
    }),
  ),
  undecided: z.array(z.unknown()),
});

let folder = '';
let advisories = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
  advisories = path.join(folder, 'advisories.json');
  const facts = Facts.parse(JSON.parse(await readFile(path.join(demo, 'advisories.json'), 'utf8')));
  const records = facts.advisories.map(({ id, binaries, affected, package: name }) => ({
    schema_version: '1.7.3',
    id,
    modified: '2025-11-20T00:00:00Z',
    affected: affected.map(({ ecosystem, events }) => ({
      package: { ecosystem, name },
      ranges: [{ type: 'ECOSYSTEM', events }],
      ...(binaries === undefined ? {} : { ecosystem_specific: { binaries } }),
    })),
  }));
  await writeFile(advisories, JSON.stringify(records));
});

afterEach(async () => await rm(folder, { recursive: true }));

test('a hundred real inventories: the components that the second opinion names, no others', async () => {
  const text = await readFile(path.join(demo, 'expected.json'), 'utf8');
  const { inventories } = Expected.parse(JSON.parse(text));
  expect(inventories.length).toBeGreaterThanOrEqual(100);
  for (const { file, release, verdicts } of inventories) {
    const more = release === undefined ? [] : ['--debian-release', release];
    const words = [
      'affected',
      path.join(demo, file),
      '--advisories',
      advisories,
      '--json',
      ...more,
    ];
    const { code, json } = await runCli(words);
    const answer = Answer.parse(json());
    const found = answer.affected.map(({ advisory, component: c }) =>
      [advisory, c.installedAs ?? c.name, c.version].join(' '),
    );
    const wanted = Object.entries(verdicts).flatMap(([id, { affected, components }]) =>
      affected ? components.map((component) => `${id} ${component}`) : [],
    );
    const got = { file, code, found: found.toSorted(), undecided: answer.undecided };
    expect(got).toEqual({
      file,
      code: wanted.length > 0 ? 1 : 0,
      found: wanted.toSorted(),
      undecided: [],
    });
  }
});

const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    'node_modules/flat': { version: '5.0.0', resolved: 'https://registry.npmjs.org/flat/-/x.tgz' },
    'node_modules/a/node_modules/flat': {
      version: '5.0.1',
      resolved: 'https://registry.npmjs.org/flat/-/y.tgz',
    },
  },
});

test('a person reads the reason, and near misses where asked', async () => {
  const words = ['affected', '-', '--advisories', advisories, '--explain'];
  const { code, out } = await runCli(words, { stdin: lock });
  expect(code).toBe(1);
  expect(out).toContain(
    'affected     CVE-2020-36632  flat 5.0.0: every version is affected until 5.0.1',
  );
  expect(out).toContain('not affected CVE-2020-36632  flat 5.0.1 is outside: fixed in 5.0.1');
  expect(out).toContain('1 affected, 0 undecided; 2 components (package-lock)');
});

test('an advisory that cannot be read never counts as not affected', async () => {
  await writeFile(path.join(folder, 'broken.json'), '{"id": "CVE-1"}');
  await rm(advisories);
  const safe = '{"lockfileVersion": 3, "packages": {}}';
  const { code, err } = await runCli(['affected', '-', '--advisories', folder], { stdin: safe });
  expect(code).toBe(2);
  expect(err).toContain('1 advisory could not be read: of these nobody knows');
});

test.each([
  ['no folder', '/nowhere', lock, 'advisories-missing'],
  ['no inventory', null, 'hello', 'format-unknown'],
])('%s is refused', async (_, place, stdin, refused) => {
  const words = ['affected', '-', '--advisories', place ?? advisories, '--json'];
  const { code, json } = await runCli(words, { stdin });
  expect(code).toBe(2);
  expect(json()).toMatchObject({ refusal: { code: refused } });
});

const bom = (purls: readonly (string | undefined)[]) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: purls.map((purl) => ({ type: 'library', name: 'netty', version: '4', purl })),
  });

test('an inventory of which nothing could be held against an advisory is not unaffected', async () => {
  const words = ['affected', '-', '--advisories', advisories];
  const { code, out, err } = await runCli(words, { stdin: bom([undefined]) });
  expect([code, out]).toEqual([2, expect.stringContaining('0 components (cyclonedx)')]);
  expect(err).toContain('unknown      /components/0: netty has no package URL');
  expect(err).toContain('none of the inventory could be held against an advisory: nobody knows');
  const project = '{"lockfileVersion": 3, "packages": {"": {"name": "mine", "version": "1.0.0"}}}';
  const alone = await runCli(words, { stdin: project });
  expect(alone.code).toBe(0);
});

test('what the given advisories say nothing of is named, by its release', async () => {
  const words = ['affected', '-', '--advisories', advisories];
  const purls = ['pkg:deb/debian/cjson@1.7.15-1?distro=debian-99', 'pkg:cargo/time@0.2.9'];
  const { code, err } = await runCli(words, { stdin: bom([...purls, 'pkg:npm/flat@6.0.0']) });
  expect(code).toBe(0);
  expect(err).toContain('1 component of Debian:99: none of these advisories speaks of Debian:99');
  expect(err).toContain('1 component of crates.io: none of these advisories speaks of crates.io');
  expect(err).not.toContain('of npm:');
});
