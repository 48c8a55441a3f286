import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asUri, uriPattern } from './uri.ts';

describe('a URI', () => {
  it.each([
    ['https://example.org/a?b=c#d', true],
    ['pkg:npm/%40scope/name@1.0.0', true],
    ['https://[2001:db8::1]:8080/', true],
    ['example.org', false],
    ['https://example.org/a b', false],
    ['https://example.org/%zz', false],
  ])('%s is one: %s', (text, isRight) => {
    expect(uriPattern.test(text)).toBe(isRight);
  });

  it.each([
    ['https://example.org/a b?q="x"', 'https://example.org/a%20b?q=%22x%22'],
    ['https://example.org/ä', 'https://example.org/%C3%A4'],
    ['https://example.org/100%', 'https://example.org/100%25'],
    ['https://example.org/%41', 'https://example.org/%41'],
  ])('is made of %s', (address, uri) => {
    expect(asUri(address)).toBe(uri);
  });

  it('is made of every address browsers take', () => {
    const address = fc.tuple(
      fc.webUrl({ withQueryParameters: true }),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(address, ([url, rest]) => {
        const uri = asUri(`${url}?${rest.replace(/[#[\]]/g, '')}`);
        expect(uriPattern.test(uri)).toBe(true);
        expect(asUri(uri)).toBe(uri);
      }),
    );
  });
});
