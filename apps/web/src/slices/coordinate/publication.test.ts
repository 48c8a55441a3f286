import { Publication } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { draftOf, ecosystems, publicationOf } from './publication.ts';

test('a draft begins with what the case says, and lacks what only a person knows', () => {
  const draft = draftOf({ title: 'Over-read', package: 'pkg:deb/debian/cjson' });
  expect(draft.affected[0]).toMatchObject({ ecosystem: 'Debian', package: 'cjson', fixed: '' });
  expect(Publication.safeParse(publicationOf(draft)).success).toBe(false);
});

test('a scoped npm package keeps its scope', () => {
  const draft = draftOf({ title: 'x', package: 'pkg:npm/%40babel/core' });
  expect(draft.affected[0]).toMatchObject({ ecosystem: 'npm', package: '@babel/core' });
});

test('a complete draft is what the contract takes', () => {
  const draft = {
    ...draftOf({ title: 'Over-read', package: 'pkg:deb/debian/cjson' }),
    details: 'A string without its end is read too far.',
    aliases: 'CVE-2026-1234\nGHSA-xxxx-yyyy-zzzz',
    severity: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    weaknesses: 'CWE-125 CWE-787',
    references: 'https://example.org/fix',
  };
  const affected = draft.affected.map((row) => ({ ...row, fixed: '1.7.15-1+deb12u4' }));
  expect(Publication.parse(publicationOf({ ...draft, affected }))).toEqual({
    summary: 'Over-read',
    details: 'A string without its end is read too far.',
    affected: [
      {
        ecosystem: 'Debian',
        package: 'cjson',
        introduced: '0',
        fixed: '1.7.15-1+deb12u4',
        binaries: [],
      },
    ],
    aliases: ['CVE-2026-1234', 'GHSA-xxxx-yyyy-zzzz'],
    severity: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'],
    weaknesses: ['CWE-125', 'CWE-787'],
    references: [{ type: 'WEB', url: 'https://example.org/fix' }],
    creditFinders: true,
  });
});

test('the ecosystems are the contract’s', () => {
  expect(ecosystems).toContain('npm');
});
