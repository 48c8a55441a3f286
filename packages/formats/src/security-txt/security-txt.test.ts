import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCanonical, parseSecurityTxt, securityTxtLimits } from './index.ts';

const whole = [
  '# Our security address',
  'Contact: mailto:security@example.com',
  'contact:   tel:+1-201-555-0123 ',
  'CONTACT: https://example.com/report',
  '',
  'Expires: 2027-01-31T18:37:07.000z',
  'Encryption: openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f',
  'Acknowledgments: https://example.com/hall-of-fame.html',
  'Preferred-Languages: es, en,fr',
  'Canonical: https://example.com/.well-known/security.txt',
  'Policy: https://example.com/disclosure-policy.html',
  'Hiring: https://example.com/jobs.html',
  'CSAF: https://example.com/.well-known/csaf/provider-metadata.json',
  'Bug-Bounty: True',
];
const read = {
  contacts: ['mailto:security@example.com', 'tel:+1-201-555-0123', 'https://example.com/report'],
  expires: '2027-01-31T18:37:07.000Z',
  encryption: ['openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f'],
  acknowledgments: ['https://example.com/hall-of-fame.html'],
  languages: ['es', 'en', 'fr'],
  canonical: ['https://example.com/.well-known/security.txt'],
  policies: ['https://example.com/disclosure-policy.html'],
  hiring: ['https://example.com/jobs.html'],
  csaf: ['https://example.com/.well-known/csaf/provider-metadata.json'],
  others: [{ field: 'Bug-Bounty', value: 'True' }],
  signed: false,
  faults: [],
};
const parse = (lines: readonly string[], end = '\r\n') => parseSecurityTxt(utf8(lines.join(end)));
const least = ['Contact: mailto:a@example.com', 'Expires: 2027-01-31T18:37:07Z'];

describe('RFC 9116', () => {
  it.each(['\r\n', '\n'])('reads every field, lines ending with %j (§2.2)', (end) => {
    expect(parse(whole, end)).toEqual({ ok: true, value: read });
  });

  it('reads what stands in a signature, unescaped, and says what stands around it (§2.3)', () => {
    const signed = [
      'Contact: mailto:attacker@example.net',
      '-----BEGIN PGP SIGNED MESSAGE-----',
      'Hash: SHA256',
      '',
      ...least,
      '- -----',
      'Policy: https://example.com/p',
      '-----BEGIN PGP SIGNATURE-----',
      '',
      'iQEz',
      '-----END PGP SIGNATURE-----',
      'Contact: mailto:attacker@example.net',
    ];
    expect(parse(signed)).toMatchObject({
      value: {
        contacts: ['mailto:a@example.com'],
        policies: ['https://example.com/p'],
        signed: true,
        faults: [
          { line: 1, code: 'outside' },
          { line: 13, code: 'outside' },
          { line: 7, code: 'not-a-field' },
        ],
      },
    });
  });

  it.each([
    ['no contact (§2.5.3)', least.slice(1), 'contact-missing'],
    ['a contact that is no URI', ['Contact: a@example.com', ...least.slice(1)], 'contact-missing'],
    [
      'a contact without TLS (§2.5)',
      ['Contact: http://a.example', ...least.slice(1)],
      'contact-missing',
    ],
    ['no expiry (§2.5.5)', least.slice(0, 1), 'expires-missing'],
    ['two', [...least, 'Expires: 2027-01-31T18:37:07Z'], 'expires-twice'],
    [
      'an hour without zone',
      [...least.slice(0, 1), 'Expires: 2027-01-31T18:37:07'],
      'expires-malformed',
    ],
    ['half a signature', ['-----BEGIN PGP SIGNED MESSAGE-----', '', ...least], 'signature-broken'],
    ['a page for browsers', ['<!DOCTYPE html>', '<p>Not found</p>'], 'expires-missing'],
    ['nothing', [], 'expires-missing'],
  ])('refuses %s', (_, lines, code) => {
    expect(parse(lines)).toMatchObject({ ok: false, refusal: { code } });
  });

  it.each([
    ['text', 'not-a-field'],
    ['Policy: http://example.com', 'not-secure'],
    ['Policy: example.com', 'not-a-uri'],
    ['Policy:', 'not-a-field'],
    ['Po licy: https://example.com', 'not-a-field'],
  ])('passes %j over, and says so', (line, code) => {
    expect(parse([...least, line])).toMatchObject({
      value: { policies: [], faults: [{ line: 3, code }] },
    });
  });

  it('refuses more than a security.txt is', () => {
    const { bytesMax } = securityTxtLimits;
    expect(parseSecurityTxt(new Uint8Array(bytesMax + 1).fill(0x23)).ok).toBe(false);
    expect(parseSecurityTxt(Uint8Array.of(0xff)).ok).toBe(false);
  });

  it('believes a file where it says it is, or says nothing (§2.5.2)', () => {
    const [said, silent] = [parse(whole), parse(least)];
    if (!said.ok || !silent.ok) throw new Error('expected both to be read');
    const [there] = read.canonical;
    expect(isCanonical(said.value, there ?? '')).toBe(true);
    expect(isCanonical(said.value, 'https://evil.example/.well-known/security.txt')).toBe(false);
    expect(isCanonical(silent.value, 'https://example.com/security.txt')).toBe(true);
  });

  it('throws at nothing', () => {
    const line = fc.oneof(fc.constantFrom(...whole), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const parsed = parse(lines);
        if (parsed.ok) expect(parsed.value.contacts.length).toBeGreaterThan(0);
      }),
    );
  });
});
