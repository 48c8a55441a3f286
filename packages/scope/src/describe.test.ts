import { expect, it } from 'vitest';
import { describe } from './describe.ts';
import { parseExtent } from './extent.ts';

it('says an extent in words, part by part', () => {
  const parsed = parseExtent({
    targets: ['https://github.com/curl/curl'],
    places: [
      { target: 'pkg:npm/foo', versions: 'vers:npm/>=1.0.0|<2.0.0' },
      { target: 'https://github.com/o/n', commits: { after: 'abcdef1', ids: ['a'.repeat(40)] } },
    ],
    except: ['repo:github.com/curl/curl#docs', 'pkg:npm/other'],
    methods: ['fuzz', 'static'],
    weaknesses: ['CWE-787', 'CWE-119'],
    exceptWeaknesses: ['CWE-121'],
    from: '2026-11-21T00:00:00+01:00',
    until: null,
  });
  expect(parsed.ok && describe(parsed.value)).toEqual({
    where: [
      'pkg:npm/foo (vers:npm/>=1.0.0|<2.0.0)',
      'repo:github.com/curl/curl',
      `repo:github.com/o/n (${'a'.repeat(40)}, abcdef1..)`,
    ],
    except: ['repo:github.com/curl/curl#docs'],
    how: ['static', 'fuzz'],
    what: ['CWE-119 Improper Restriction of Operations within the Bounds of a Memory Buffer'],
    notWhat: ['CWE-121 Stack-based Buffer Overflow'],
    from: '2026-11-20T23:00:00.000Z',
    until: null,
  });
});
