import type { Component } from '@breakwater/formats/inventory';
import type { OsvEvent, OsvRecord } from '@breakwater/formats/osv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAdvisory, createExposureIndex, describeReason, matchInventory } from './index.ts';

function component(ecosystem: string, name: string, version: string): Component {
  return { ecosystem, name, version, path: `/${name}@${version}` };
}

function record(ecosystem: string, name: string, events: OsvEvent[]): OsvRecord {
  const type = ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM';
  const affected = [{ package: { ecosystem, name }, ranges: [{ type, events } as const] }];
  return { id: 'x_BW-1', modified: '2026-01-01T00:00:00Z', affected };
}

function affectedVersions(events: OsvEvent[], versions: string[], ecosystem = 'npm'): string[] {
  const components = versions.map((version) => component(ecosystem, 'left', version));
  const { matches } = matchInventory(components, [
    compileAdvisory(record(ecosystem, 'left', events)),
  ]);
  return matches.map((match) => match.component.version);
}

describe('the ranges of an advisory', () => {
  const versions = ['0.9.0', '1.0.0-rc.2', '1.0.0-rc.11', '1.0.0', '1.5.0', '2.0.0', '2.1.0'];
  it.each<[string, OsvEvent[], string[]]>([
    ['everything', [{ introduced: '0' }], versions],
    ['before a fix', [{ introduced: '0' }, { fixed: '1.0.0' }], versions.slice(0, 3)],
    ['a prerelease fix', [{ introduced: '0' }, { fixed: '1.0.0-rc.11' }], versions.slice(0, 2)],
    ['from to', [{ introduced: '1.0.0' }, { fixed: '2.0.0' }], ['1.0.0', '1.5.0']],
    ['unsorted', [{ fixed: '2.0.0' }, { introduced: '1.0.0' }], ['1.0.0', '1.5.0']],
    ['last', [{ introduced: '1.5.0' }, { last_affected: '2.0.0' }], ['1.5.0', '2.0.0']],
    ['one', [{ introduced: '1.5.0' }, { last_affected: '1.5.0' }], ['1.5.0']],
    ['limit', [{ introduced: '1.0.0' }, { limit: '2.0.0' }], ['1.0.0', '1.5.0']],
    ['no limit', [{ introduced: '2.0.0' }, { limit: '*' }], ['2.0.0', '2.1.0']],
    [
      'twice',
      [{ introduced: '0' }, { fixed: '1.0.0' }, { introduced: '2.0.0' }, { fixed: '2.1.0' }],
      ['0.9.0', '1.0.0-rc.2', '1.0.0-rc.11', '2.0.0'],
    ],
    [
      'fixed and introduced at one version',
      [{ introduced: '1.0.0' }, { fixed: '1.5.0' }, { introduced: '1.5.0' }, { fixed: '2.0.0' }],
      ['1.0.0', '1.5.0'],
    ],
    ['empty', [{ introduced: '1.0.0' }, { fixed: '1.0.0' }], []],
  ])('%s', (_, events, expected) => {
    expect(affectedVersions(events, versions).sort()).toEqual([...expected].sort());
  });

  it('of Debian follow its order', () => {
    const events = [{ introduced: '0' }, { fixed: '1.2-3+deb12u2' }];
    const list = ['1.2-3~bpo1', '1.2-3', '1.2-3+deb12u1', '1.2-3+deb12u2', '1.2-3+deb12u10', '1:0'];
    expect(affectedVersions(events, list, 'Debian:12')).toEqual([
      '1.2-3~bpo1',
      '1.2-3',
      '1.2-3+deb12u1',
    ]);
  });
});

describe('a listed version', () => {
  it('matches by text and by another spelling of the same version', () => {
    const advisory: OsvRecord = {
      id: 'x_BW-2',
      modified: '2026-01-01T00:00:00Z',
      affected: [
        { package: { ecosystem: 'Debian', name: 'left' }, versions: ['1.0-1', 'odd_version'] },
        { package: { ecosystem: 'PyPI', name: 'left' }, versions: ['1.0'] },
      ],
    };
    const { matches, undecided } = matchInventory(
      [
        component('Debian', 'left', '0:1.0-1'),
        component('Debian', 'left', 'odd_version'),
        component('Debian', 'left', '1.0-2'),
        component('PyPI', 'left', '1.0'),
        component('PyPI', 'left', '1.1'),
      ],
      [compileAdvisory(advisory)],
    );
    expect(matches.map(({ component: c, reason }) => [c.version, reason.how])).toEqual([
      ['odd_version', 'version-listed'],
      ['0:1.0-1', 'version-listed'],
      ['1.0', 'version-listed'],
    ]);
    expect(undecided).toEqual([]);
  });
});

describe('what cannot be decided', () => {
  const events = [{ introduced: '0' }, { fixed: '1.0.0' }];
  const doubtsOf = (advisory: OsvRecord, ...components: Component[]) =>
    matchInventory(components, [compileAdvisory(advisory)]).undecided.map((each) => each.doubt);

  it('is said, never dropped', () => {
    const npm = record('npm', 'left', events);
    expect(doubtsOf(npm, component('npm', 'left', 'latest'))).toEqual(['version-malformed']);
    const debian = record('Debian:12', 'left', events);
    expect(doubtsOf(debian, component('Debian', 'left', '0.9'))).toEqual(['release-unknown']);
    expect(doubtsOf(debian, component('Debian', 'left', '1.1'))).toEqual([]);
    const broken = record('npm', 'left', [{ introduced: '0' }, { fixed: 'soon' }]);
    expect(doubtsOf(broken, component('npm', 'left', '0.9.0'))).toEqual(['range-malformed']);
    const unknown = record('CRAN', 'left', events);
    expect(doubtsOf(unknown, component('CRAN', 'left', '0.9'))).toEqual(['order-unknown']);
  });

  it('gives way to a match of the same component', () => {
    const advisory: OsvRecord = {
      id: 'x_BW-3',
      modified: '2026-01-01T00:00:00Z',
      affected: [
        ...(record('npm', 'left', [{ introduced: 'bad' }]).affected ?? []),
        ...(record('npm', 'left', events).affected ?? []),
      ],
    };
    const found = matchInventory([component('npm', 'left', '0.9.0')], [compileAdvisory(advisory)]);
    expect(found.matches).toHaveLength(1);
    expect(found.undecided).toEqual([]);
  });
});

describe('near misses explain themselves', () => {
  const events = [{ introduced: '1.0-1' }, { fixed: '1.2-3+deb12u2' }];
  const explain = (c: Component, advisory = record('Debian:12', 'left', events)) => {
    const index = createExposureIndex();
    index.put('clinic', [component('npm', 'other', '1.0.0'), c]);
    const [first, ...more] = index.explain(compileAdvisory(advisory), 'clinic') ?? [];
    expect(more).toEqual([]);
    return [first?.kind, first?.text];
  };
  it.each([
    [component('Debian:12', 'left', '1.2-3'), 'affected', 'until 1.2-3+deb12u2'],
    [component('Debian:12', 'left', '1.2-3+deb12u2'), 'backported-fix', '1.2-3+deb12u2'],
    [component('Debian:12', 'left', '1.3-1'), 'outside-range', 'fixed in 1.2-3+deb12u2'],
    [component('Debian:12', 'left', '0.9-1'), 'outside-range', 'older than 1.0-1'],
    [component('Debian:11', 'left', '1.2-3'), 'other-release', 'Debian:11'],
    [component('npm', 'left', '1.2.0'), 'other-ecosystem', 'package of npm'],
    [component('Debian:12', 'left', 'a b'), 'undecided', 'not a version'],
    [component('Debian:12', 'right', '1.2-3'), 'not-present', 'no Debian:12 package left'],
  ])('%j is %s', (c, kind, text) => {
    expect(explain(c)).toEqual([kind, expect.stringContaining(text)]);
  });

  it('a withdrawn advisory matches nothing and says so', () => {
    const advisory = {
      ...record('npm', 'left', [{ introduced: '0' }]),
      withdrawn: '2026-02-01T00:00:00Z',
    };
    const c = component('npm', 'left', '1.0.0');
    expect(explain(c, advisory)[0]).toBe('withdrawn');
    expect(matchInventory([c], [compileAdvisory(advisory)]).matches).toEqual([]);
  });

  it('an unknown inventory is null', () => {
    const advisory = compileAdvisory(record('npm', 'left', events));
    expect(createExposureIndex().explain(advisory, 'nobody')).toBeNull();
  });
});

describe('the reason of a match', () => {
  const known = { how: 'version-in-range', affected: 0, range: 0 } as const;
  it.each([
    [{ ...known, introduced: '0' }, 'every version is affected; no fixed version is known'],
    [
      { ...known, introduced: '0', end: { kind: 'fixed', version: '2.0.0' } as const },
      'every version is affected until 2.0.0, which has the fix',
    ],
    [
      { ...known, introduced: '1.0.0', end: { kind: 'last_affected', version: '2.0.0' } as const },
      'every version from 1.0.0 up to and including 2.0.0 is affected',
    ],
    [
      { ...known, introduced: '1.0.0', end: { kind: 'limit', version: '2.0.0' } as const },
      'every version from 1.0.0 before 2.0.0 is affected',
    ],
  ])('is a sentence', (reason, sentence) => {
    const c = component('npm', 'left', '1.0.0');
    expect(describeReason(c, reason)).toBe(`left 1.0.0: ${sentence}`);
  });
});

describe('the index', () => {
  it('replaces and removes inventories whole', () => {
    const advisory = compileAdvisory(
      record('npm', 'left', [{ introduced: '0' }, { fixed: '2.0.0' }]),
    );
    const index = createExposureIndex();
    const owners = () => index.affected(advisory).map((match) => match.inventoryId);
    index.put('a', [component('npm', 'left', '1.0.0'), component('npm', 'left', '3.0.0')]);
    index.put('b', [component('npm', 'left', '1.1.0')]);
    expect(owners()).toEqual(['a', 'b']);
    index.put('a', [component('npm', 'left', '2.0.0')]);
    expect(owners()).toEqual(['b']);
    expect(index.size).toEqual({ inventories: 2, components: 2 });
    expect(index.remove('b')).toBe(true);
    expect(index.remove('b')).toBe(false);
    expect(owners()).toEqual([]);
    expect(index.size).toEqual({ inventories: 1, components: 1 });
  });

  it('finds what the specification’s evaluation finds, event by event', () => {
    const number = fc.integer({ min: 0, max: 6 });
    const events = fc.uniqueArray(
      fc.tuple(number, fc.constantFrom('introduced', 'fixed', 'last_affected')),
      { minLength: 1, maxLength: 5, selector: ([n]) => n },
    );
    fc.assert(
      fc.property(events, fc.array(number, { maxLength: 8 }), (list, numbers) => {
        const osv = list.map(([n, kind]) => ({ [kind]: `${n}.0.0` }));
        const expected = numbers.filter((n) => evaluate(list, n)).map((n) => `${n}.0.0`);
        const found = affectedVersions(
          osv,
          numbers.map((n) => `${n}.0.0`),
        );
        expect(found.sort()).toEqual(expected.sort());
      }),
      { numRuns: 1000 },
    );
  });
});

/** The algorithm of ossf.github.io/osv-schema, "Evaluation", written down as it stands there. */
function evaluate(events: readonly (readonly [number, string])[], version: number): boolean {
  let vulnerable = false;
  for (const [at, kind] of [...events].sort((a, b) => a[0] - b[0])) {
    if (kind === 'introduced' && version >= at) vulnerable = true;
    else if (kind === 'fixed' && version >= at) vulnerable = false;
    else if (kind === 'last_affected' && version > at) vulnerable = false;
  }
  return vulnerable;
}
