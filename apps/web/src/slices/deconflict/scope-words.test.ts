import { Scope } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { placesOf, scopeLine } from './scope-words.ts';

test('versions said once for all are those of each place', () => {
  const scope = Scope.parse({
    targets: ['pkg:npm/a', 'pkg:npm/b'],
    places: [{ target: 'pkg:npm/c', versions: 'vers:npm/<3' }],
    versions: 'vers:npm/<2',
    methods: ['read'],
  });
  expect(placesOf(scope)).toEqual([
    { target: 'pkg:npm/a', versions: 'vers:npm/<2' },
    { target: 'pkg:npm/b', versions: 'vers:npm/<2' },
    { target: 'pkg:npm/c', versions: 'vers:npm/<3' },
  ]);
});

test('a scope in one line says what it leaves out and what it leaves open', () => {
  const scope = Scope.parse({
    targets: ['repo:github.com/o/n', 'repo:github.com/o/m'],
    except: ['repo:github.com/o/n/docs'],
    methods: ['static', 'fuzz'],
    exceptWeaknesses: ['CWE-79'],
  });
  expect(scopeLine(scope)).toBe(
    'repo:github.com/o/n and 1 more: without repo:github.com/o/n/docs · static analysis, local fuzzing · every class without CWE-79',
  );
});
