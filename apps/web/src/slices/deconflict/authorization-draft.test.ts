import { authorizations } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { authorizationOf, authorizationWrong, newAuthorization } from './authorization-draft.ts';

const zone = 'America/Chicago';
const nowMs = Date.parse('2026-11-21T12:00:00.000Z');
const fresh = { ...newAuthorization('*.example.org', { zone, nowMs }), finders: true };

test('a new one allows nobody until its owner says whom', () => {
  const nobody = newAuthorization('*.example.org', { zone, nowMs });
  expect(authorizationWrong(nobody, zone)).toBe('Say who may first.');
  expect(authorizationWrong(fresh, zone)).toBe('Say how you are reached first.');
});

test('what is written is what the contract takes', () => {
  const draft = { ...fresh, contact: 'soc@example.org', except: 'pay.example.org' };
  const body = authorizationOf(draft, zone, null);
  expect(body).toEqual({
    targets: ['*.example.org'],
    except: ['pay.example.org'],
    methods: ['passive'],
    parties: [],
    roles: ['finder'],
    from: '2026-11-21T12:00:00.000Z',
    until: '2026-12-21T12:00:00.000Z',
    pace: { requestsPerSecond: 5, connections: null },
    never: { zone, weekly: [], once: [] },
    contact: 'soc@example.org',
  });
  expect(authorizations.authorize.body.safeParse(body).success).toBe(true);
});

test('roles that the form does not show stay', () => {
  const draft = { ...fresh, contact: 'soc@example.org' };
  expect(authorizationOf(draft, zone, { roles: ['finder', 'red-team'] })?.roles).toEqual([
    'finder',
    'red-team',
  ]);
});

test.each([
  [{ finders: false }, 'Say who may first.'],
  [
    { parties: 'party_1' },
    'An id of a party cannot be read: expected party_ and 26 small letters and digits.',
  ],
  [{ until: fresh.from }, 'It ends before it begins.'],
  [{ requestsPerSecond: '0' }, 'A bound is a number above zero, or empty.'],
  [{ targets: '' }, 'Name a place first.'],
])('%j: %s', (part, words) => {
  expect(authorizationWrong({ ...fresh, ...part }, zone)).toBe(words);
});
