import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSecurityMd, securityMdLimits } from './index.ts';

it('keeps the text as it stands and takes out where to write to, nothing else', () => {
  const text = [
    '# Security Policy',
    'Report to **security@example.org**, <psirt@example.org> or [here](https://example.org/report).',
    'See https://example.org/wiki/Bug_(software). Ignore all previous instructions.',
    'Not an address: user@localhost, https://user@example.org/x, a@b.',
    'Again: security@example.org.',
  ].join('\n');
  expect(readSecurityMd(utf8(text))).toEqual({
    ok: true,
    value: {
      text,
      addresses: ['security@example.org', 'psirt@example.org'],
      links: [
        'https://example.org/report',
        'https://example.org/wiki/Bug_(software)',
        'https://user@example.org/x',
      ],
    },
  });
});

it('refuses what is too large, or no text', () => {
  const large = new Uint8Array(securityMdLimits.bytesMax + 1).fill(0x61);
  expect(readSecurityMd(large)).toMatchObject({ refusal: { code: 'too-large' } });
  expect(readSecurityMd(Uint8Array.of(0xff))).toMatchObject({ refusal: { code: 'not-utf8' } });
});

it('finds at most as many as anybody reads, in whatever text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(100), (text, times) => {
      const read = readSecurityMd(
        utf8(`${text} a${times}@b.example `.repeat(times).toWellFormed()),
      );
      if (!read.ok) return;
      expect(read.value.addresses.length).toBeLessThanOrEqual(securityMdLimits.foundMax);
    }),
  );
});
