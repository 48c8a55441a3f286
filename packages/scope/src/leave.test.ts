import { type Instant, parseInstant } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { type Authorization, standings, unboundedPace } from './authorization.ts';
import { parseExtent } from './extent.ts';
import { leaveOf } from './leave.ts';
import { noNeverTimes } from './never-times.ts';
import { parseTarget } from './parse-target.ts';
import { type Method, methods, type Target } from './target.ts';

const noon = at('2026-11-21T12:00:00Z');

function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(text);
  return instant;
}

function targets(...texts: readonly string[]): readonly Target[] {
  return texts.map((text) => {
    const parsed = parseTarget(text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal));
    return parsed.value;
  });
}

/** A scope that allows `lab` to scan example.org's hosts this year. */
function scope(parts: Partial<Authorization> = {}): Authorization {
  return {
    id: 'a1',
    targets: targets('*.example.org'),
    except: [],
    methods: ['passive', 'active'],
    parties: ['lab'],
    roles: [],
    from: at('2026-01-01T00:00:00Z'),
    until: at('2027-01-01T00:00:00Z'),
    never: noNeverTimes,
    pace: unboundedPace,
    standing: 'good',
    ...parts,
  };
}

function wish(target: string, method: Method = 'active', except: readonly string[] = []) {
  const term = { from: '2026-11-21T00:00:00Z', until: null };
  const parsed = parseExtent({ targets: [target], except, methods: [method], ...term });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal));
  return { extent: parsed.value, party: 'lab', roles: ['finder'] };
}

const rules = (leave: ReturnType<typeof leaveOf>) => leave.reasons.map(({ rule }) => rule);

describe('a live system', () => {
  it('is nobody’s to touch by default', () => {
    for (const target of ['www.example.org', '192.0.2.0/24', 'https://example.org/app']) {
      for (const method of methods) {
        const leave = leaveOf([], wish(target, method), noon);
        expect({ allowed: leave.allowed, rules: rules(leave) }).toEqual({
          allowed: false,
          rules: ['no-authorization'],
        });
      }
    }
  });

  it('is touched with its owner’s leave, and the answer says on what it rests', () => {
    const pace = { requestsPerSecond: 10, connections: null };
    expect(leaveOf([scope({ pace })], wish('www.example.org'), noon)).toEqual({
      allowed: true,
      needed: true,
      reasons: [
        {
          rule: 'allowed',
          target: 'www.example.org',
          method: 'active',
          authorization: 'a1',
          of: null,
        },
      ],
      authorizations: ['a1'],
      pace,
      until: '2027-01-01T00:00:00.000Z',
      again: null,
    });
  });

  it.each([
    ['www.example.org', true],
    ['a.b.example.org', true],
    ['*.example.org', true],
    ['*.b.example.org', true],
    ['https://www.example.org/app/', true],
    ['example.org', false],
    ['badexample.org', false],
    ['www.example.org.evil.example', false],
    ['192.0.2.1', false],
  ])('below a wildcard: %s is %s', (target, allowed) => {
    expect(leaveOf([scope()], wish(target), noon).allowed).toBe(allowed);
  });

  const flaws: readonly (readonly [string, Partial<Authorization>])[] = [
    ['no target', { targets: [] }],
    ['no method', { methods: [] }],
    ['nobody', { parties: [] }],
    ['another party', { parties: ['other'] }],
    ['another role', { parties: [], roles: ['operator'] }],
    ['another method', { methods: ['passive'] }],
    ['a beginning to come', { from: at('2026-11-21T12:00:00.001Z') }],
    ['an end that has come', { until: noon }],
    ...standings
      .filter((each) => each !== 'good')
      .map((standing) => [standing, { standing }] as const),
  ];

  it.each(flaws)('is not touched where a scope has %s', (_, parts) => {
    const leave = leaveOf([scope(parts)], wish('www.example.org'), noon);
    expect({ allowed: leave.allowed, authorizations: leave.authorizations }).toEqual({
      allowed: false,
      authorizations: [],
    });
  });

  it.each([
    [{ methods: ['passive'] }, 'method-not-allowed'],
    [{ parties: ['other'] }, 'not-for-you'],
    [{ from: at('2026-12-01T00:00:00Z') }, 'not-yet'],
    [{ until: noon }, 'over'],
    [{ standing: 'revoked' }, 'over'],
    [{ standing: 'control-missing' }, 'control-missing'],
    [{ standing: 'control-lapsed' }, 'control-lapsed'],
    [{ standing: 'control-contested' }, 'control-contested'],
    [{ standing: 'stopped' }, 'stopped'],
  ] as const)('says why: %j is %s', (parts, rule) => {
    expect(rules(leaveOf([scope(parts)], wish('www.example.org'), noon))).toEqual([rule]);
  });

  it('is touched by whoever has a role that is named', () => {
    const leave = leaveOf([scope({ parties: [], roles: ['finder'] })], wish('a.example.org'), noon);
    expect(leave.allowed).toBe(true);
  });

  it('needs leave for every bit of it, from one owner or several together', () => {
    const lower = scope({ id: 'low', targets: targets('192.0.2.0/25') });
    const upper = scope({ id: 'up', targets: targets('192.0.2.128/25') });
    expect(leaveOf([lower], wish('192.0.2.0/24'), noon).allowed).toBe(false);
    const both = leaveOf([lower, upper], wish('192.0.2.0/24'), noon);
    expect([both.allowed, both.authorizations]).toEqual([true, ['low', 'up']]);
    const half = leaveOf([lower], wish('192.0.2.0/24', 'active', ['192.0.2.128/25']), noon);
    expect(half.allowed).toBe(true);
  });

  it('has the strictest pace of those it rests on', () => {
    const lower = scope({
      targets: targets('192.0.2.0/25'),
      pace: { requestsPerSecond: 5, connections: 9 },
    });
    const upper = scope({
      id: 'a2',
      targets: targets('192.0.2.128/25'),
      pace: { requestsPerSecond: 20, connections: null },
    });
    const leave = leaveOf([lower, upper], wish('192.0.2.0/24'), noon);
    expect(leave.pace).toEqual({ requestsPerSecond: 5, connections: 9 });
  });
});

describe('out of scope', () => {
  const out = scope({ except: targets('admin.example.org', 'https://www.example.org/pay/') });

  it.each([
    ['admin.example.org', [], false],
    ['https://admin.example.org/x/', [], false],
    ['https://www.example.org/pay/card/', [], false],
    ['https://www.example.org//pay/', [], false],
    ['https://www.example.org/x/%2e%2e/pay', [], false],
    ['www.example.org', [], false],
    ['*.example.org', [], false],
    ['https://www.example.org/shop/', [], true],
    ['api.example.org', [], true],
    ['www.example.org', ['https://www.example.org/pay'], true],
    ['*.example.org', ['admin.example.org', 'https://www.example.org/pay/'], true],
  ])('beats in scope: %s without %j is %s', (target, except, allowed) => {
    const leave = leaveOf([out], wish(target, 'active', except), noon);
    expect(leave.allowed).toBe(allowed);
    expect(allowed || rules(leave)[0] === 'out-of-scope').toBe(true);
  });

  it('beats the scope of anybody else', () => {
    const other = scope({ id: 'a2', targets: targets('admin.example.org') });
    const leave = leaveOf([other, out], wish('admin.example.org'), noon);
    expect(leave.reasons).toEqual([
      {
        rule: 'out-of-scope',
        target: 'admin.example.org',
        method: 'active',
        authorization: 'a1',
        of: 'admin.example.org',
      },
    ]);
  });

  it.each([
    ['good', false],
    ['control-lapsed', false],
    ['control-contested', false],
    ['stopped', false],
    ['control-missing', true],
    ['revoked', true],
  ] as const)('counts for an owner of standing %s: allowed is %s', (standing, allowed) => {
    const other = scope({ id: 'a2', targets: targets('admin.example.org') });
    const leave = leaveOf([{ ...out, standing }, other], wish('admin.example.org'), noon);
    expect(leave.allowed).toBe(allowed);
  });
});

describe('the stop switch', () => {
  it('beats every scope over what it covers, and nothing else', () => {
    const stopped = scope({ targets: targets('www.example.org'), standing: 'stopped' });
    const other = scope({ id: 'a2' });
    expect(rules(leaveOf([stopped, other], wish('www.example.org'), noon))).toEqual(['stopped']);
    expect(leaveOf([stopped, other], wish('*.example.org'), noon).allowed).toBe(false);
    expect(leaveOf([stopped, other], wish('api.example.org'), noon).allowed).toBe(true);
  });
});

describe('a never-time', () => {
  const days = [1, 2, 3, 4, 5, 6, 7];
  const quiet = {
    zone: 'Europe/Berlin',
    weekly: [{ days, from: '12:00', until: '14:00' }],
    once: [],
  };

  it('is asked for anew at each moment, for the same authorization', () => {
    const same = [scope({ never: quiet })];
    const until = (moment: string) => leaveOf(same, wish('www.example.org'), at(moment)).until;
    const answers = [noon, at('2026-11-21T07:00:00Z'), noon].map(
      (moment) => leaveOf(same, wish('www.example.org'), moment).allowed,
    );
    expect(answers).toEqual([false, true, false]);
    expect(until('2026-11-21T07:00:00Z')).not.toEqual(until('2026-11-22T07:00:00Z'));
  });

  it('beats every scope while it lasts; the answer says when to ask again', () => {
    const leave = leaveOf(
      [scope({ never: quiet }), scope({ id: 'a2' })],
      wish('www.example.org'),
      noon,
    );
    expect([leave.allowed, rules(leave), leave.again]).toEqual([
      false,
      ['never-time'],
      '2026-11-21T13:00:00.000Z',
    ]);
  });

  it('ends the answer before it begins', () => {
    const early = at('2026-11-21T06:00:00Z');
    const leave = leaveOf([scope({ never: quiet })], wish('www.example.org'), early);
    expect([leave.allowed, leave.until]).toEqual([true, '2026-11-21T11:00:00.000Z']);
  });

  it('is no reason to ask again where more than the time is against it', () => {
    const never = scope({ never: quiet, except: targets('www.example.org') });
    const leave = leaveOf([never], wish('www.example.org'), noon);
    expect([rules(leave), leave.again]).toEqual([['out-of-scope', 'never-time'], null]);
  });
});

it('says when a scope that has not begun begins', () => {
  const from = at('2026-12-01T00:00:00Z');
  const leave = leaveOf([scope({ from })], wish('www.example.org'), noon);
  expect([leave.allowed, leave.again]).toEqual([false, from]);
});

it('ends where a scope that is to come may say something else', () => {
  const from = at('2026-12-01T00:00:00Z');
  const coming = scope({ id: 'a2', from, except: targets('www.example.org') });
  const leave = leaveOf([scope(), coming], wish('www.example.org'), noon);
  expect([leave.allowed, leave.until]).toEqual([true, from]);
});

describe('open code', () => {
  it.each(['pkg:npm/lodash', 'https://github.com/curl/curl', 'repo:github.com/curl/curl#lib'])(
    '%s needs no leave to be read, analyzed and run locally, and needs it for all else',
    (target) => {
      const free = methods.filter((method) => leaveOf([], wish(target, method), noon).allowed);
      expect(free).toEqual(['read', 'static', 'fuzz']);
      const leave = leaveOf([], wish(target, 'fuzz'), noon);
      expect([leave.needed, leave.authorizations, leave.pace, rules(leave)]).toEqual([
        false,
        [],
        null,
        ['needs-no-leave'],
      ]);
    },
  );

  it('is not what a vendor sells: a product needs leave', () => {
    expect(leaveOf([], wish('product:acme/router', 'fuzz'), noon).allowed).toBe(false);
  });

  it('makes no host beside it free', () => {
    const term = { from: '2026-11-21T00:00:00Z', until: null };
    const parsed = parseExtent({
      targets: ['pkg:npm/lodash', 'www.example.org'],
      methods: ['read'],
      ...term,
    });
    if (!parsed.ok) throw new Error('refused');
    const leave = leaveOf([], { extent: parsed.value, party: 'lab', roles: [] }, noon);
    expect([leave.allowed, leave.needed]).toEqual([false, true]);
    expect(leave.reasons.map(({ target }) => target)).toEqual(['www.example.org']);
  });
});
