import { wishes } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { draftOfWishes, wishesOf, wishesWrong } from './wishes-draft.ts';

const blank = draftOfWishes(null, 'UTC');

test('nothing wished for is nothing said', () => {
  expect(wishesWrong(blank)).toBeNull();
  expect(wishesOf(blank)).toEqual({
    optOut: null,
    quiet: [],
    showPace: false,
    channels: [],
    policies: [],
    threatModel: null,
    notVulnerabilities: [],
  });
});

test('what is wished for is what the contract takes', () => {
  const body = wishesOf({
    ...blank,
    optOut: true,
    channel: 'mail',
    address: ' sec@example.org ',
    policies: 'https://example.org/security\n',
    nots: [{ key: 'a', weakness: 'cwe-400', path: '', words: 'By design.' }],
  });
  expect(body).toMatchObject({
    optOut: { words: null },
    channels: [{ kind: 'mail', address: 'sec@example.org' }],
    policies: ['https://example.org/security'],
    notVulnerabilities: [{ weakness: 'CWE-400', path: null, words: 'By design.' }],
  });
  const sent = { target: 'example.org', ...body };
  expect(wishes.stateWishes.body.safeParse(sent).success).toBe(true);
});

test('channels that the form does not show are kept', () => {
  const others = [{ kind: 'web' as const, address: 'https://example.org/report' }];
  expect(wishesOf({ ...blank, channel: 'here', others }).channels).toEqual([
    { kind: 'here', address: null },
    ...others,
  ]);
});

test('what is missing is said', () => {
  expect(wishesWrong({ ...blank, channel: 'phone' })).toBe('Say where you are told first.');
  expect(wishesWrong({ ...blank, policies: 'http://x.example' })).toBe(
    'A policy page begins with https.',
  );
});
