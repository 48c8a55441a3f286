import { Scope } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { pathOf } from '../../app/paths.ts';
import { blankDraft, draftOf, scopeOf, searchOf, weaknessesOf } from './claim-draft.ts';

test('classes are read however they are written, each once', () => {
  expect(weaknessesOf('CWE-125, cwe 416;125')).toEqual(['CWE-125', 'CWE-416']);
  expect(weaknessesOf('memory')).toEqual([]);
});

test('a draft says the scope that the contract takes', () => {
  const scope = scopeOf({
    ...blankDraft,
    targets: ' github.com/o/n \n\npkg:npm/a',
    versions: ' vers:npm/<2 ',
    methods: ['fuzz', 'read'],
    exceptWeaknesses: 'CWE-79',
  });
  expect(scope).toEqual({
    targets: ['repo:github.com/o/n', 'pkg:npm/a'],
    places: [],
    except: [],
    versions: 'vers:npm/<2',
    methods: ['read', 'fuzz'],
    weaknesses: [],
    exceptWeaknesses: ['CWE-79'],
  });
  expect(Scope.parse(scope)).toEqual(scope);
});

test('what stands in an address comes back as the same draft', () => {
  const draft = { ...blankDraft, targets: 'a.example\nb.example', methods: ['read' as const] };
  const address = new URL(pathOf('claim', searchOf(draft)), 'https://example.org');
  expect(draftOf(Object.fromEntries(address.searchParams))).toEqual(draft);
});
