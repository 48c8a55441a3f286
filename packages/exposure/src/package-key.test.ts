import { expect, test } from 'vitest';
import { packageKey } from './package-key.ts';

const keyOf = (ecosystem: string, name: string) => packageKey({ ecosystem, name });

test.each([
  ['PyPI', 'Foo.Bar_baz', 'foo-bar-baz'],
  ['PyPI', 'foo-._bar', 'foo_bar'],
  ['NuGet', 'Newtonsoft.Json', 'newtonsoft.json'],
  ['Packagist', 'Symfony/Http-Kernel', 'symfony/http-kernel'],
])('%s: %s and %s are one package', (ecosystem, a, b) => {
  expect(keyOf(ecosystem, a)).toBe(keyOf(ecosystem, b));
});

test.each([
  ['npm', 'JSONStream', 'jsonstream'],
  ['Go', 'github.com/Masterminds/semver', 'github.com/masterminds/semver'],
  ['PyPI', 'foo-bar', 'foobar'],
])('%s: %s and %s are two', (ecosystem, a, b) => {
  expect(keyOf(ecosystem, a)).not.toBe(keyOf(ecosystem, b));
});

test('the release of a distribution does not take part, the ecosystem does', () => {
  expect(keyOf('Debian:12', 'curl')).toBe(keyOf('Debian', 'curl'));
  expect(keyOf('Debian', 'curl')).not.toBe(keyOf('Ubuntu', 'curl'));
});
