import { expect, test } from 'vitest';
import { MailAddress } from './words.ts';

test.each([
  ['ada@example.org', 'ada@example.org'],
  [' Ada.L+cve@sub.example.org ', 'Ada.L+cve@sub.example.org'],
  ['søren@exämple.org', 'søren@exämple.org'],
  ['ada', null],
  ['@example.org', null],
  ['ada@', null],
  ['ada@b@example.org', null],
  ['ada@example.org\r\nBcc: eve@example.org', null],
  ['ada\u0000@example.org', null],
  ['ada@example.org,eve@example.org', null],
  ['"ada"@example.org', null],
  ['<ada@example.org>', null],
  ['ada\u202e@example.org', null],
  [`${'a'.repeat(65)}@example.org`, null],
  [`ada@${'b'.repeat(190)}`, null],
])('%j', (text, expected) => {
  const parsed = MailAddress.safeParse(text);
  expect(parsed.success ? parsed.data : null).toBe(expected);
});
