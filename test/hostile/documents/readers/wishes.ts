import { parseCsafProvider } from '@breakwater/formats/csaf';
import { programFormats, readPrograms } from '@breakwater/formats/disclosure-programs';
import { findingHash, parseRecord, recordPath, writeRecord } from '@breakwater/formats/interchange';
import { readSecurityMd } from '@breakwater/formats/security-md';
import { parseSecurityTxt } from '@breakwater/formats/security-txt';
import { ok, parseInstant } from '@breakwater/kernel';
import { all, jsonOf, type Reader, realData, textOf, written } from '../reader.ts';

const securityTxt = [
  '# how to reach us',
  'Contact: mailto:security@example.org',
  'Contact: https://example.org/report',
  'Expires: 2027-01-31T18:37:07.000Z',
  'Preferred-Languages: en, fr',
  'Canonical: https://example.org/.well-known/security.txt',
  'Policy: https://example.org/policy',
];
const signed = [
  '-----BEGIN PGP SIGNED MESSAGE-----',
  'Hash: SHA512',
  '',
  ...securityTxt,
  '-----BEGIN PGP SIGNATURE-----',
  '',
  'iQEz',
  '-----END PGP SIGNATURE-----',
];

const provider = {
  canonical_url: 'https://example.org/.well-known/csaf/provider-metadata.json',
  distributions: [{ directory_url: 'https://example.org/csaf/' }],
  last_updated: '2026-02-01T00:00:00Z',
  metadata_version: '2.0',
  public_openpgp_keys: [{ fingerprint: 'A'.repeat(40), url: 'https://example.org/key.asc' }],
  publisher: { category: 'vendor', name: 'Example', namespace: 'https://example.org' },
  role: 'csaf_provider',
};

const scope = { target: '*.example.org', type: 'website', asset_identifier: 'a', endpoint: 'b' };
const program = {
  program_name: 'Example',
  policy_url: 'https://example.org/policy',
  contact_email: 'security@example.org',
  name: 'Example',
  url: 'https://example.org/program',
  targets: { in_scope: [scope], out_of_scope: [scope] },
};

const repository = 'https://github.com/acme/lib';
const at = parseInstant('2026-02-01T00:00:00Z');
if (at === null) throw new Error('expected an instant');
const optout = { kind: 'optout', repository, requestedAt: at, reason: 'No.' } as const;

/** What owners, directories of programs and peers publish. */
export const wishesReaders: readonly Reader[] = [
  {
    reads: ['@breakwater/formats/security-txt#parseSecurityTxt'],
    seeds: written(securityTxt.join('\r\n'), signed.join('\n')),
    read: (document) => parseSecurityTxt(document),
  },
  {
    reads: ['@breakwater/formats/security-md#readSecurityMd'],
    seeds: written('# Security\nWrite to <security@example.org> or [here](https://example.org/x).'),
    read: (document) => readSecurityMd(document),
  },
  {
    reads: ['@breakwater/formats/csaf#parseCsafProvider'],
    seeds: all(written(provider), realData('conformance/csaf/csaf_2.1/examples', 'data.json')),
    read: (document) => parseCsafProvider(document),
  },
  ...programFormats.map((format) => ({
    reads: ['@breakwater/formats/disclosure-programs#readPrograms'],
    seeds: written([program, program]),
    read: (document: Uint8Array) => readPrograms(document, format),
  })),
  {
    reads: ['@breakwater/formats/interchange#parseRecord'],
    seeds: written(writeRecord(optout)),
    read: (document) => {
      const record = parseRecord(jsonOf(document));
      return record.ok ? ok([recordPath(record.value), writeRecord(record.value)]) : record;
    },
  },
  {
    // Made of what a reporter wrote, and of what anybody may have named a folder.
    reads: ['@breakwater/formats/interchange#findingHash'],
    seeds: written('src/../parse.c:10-20'),
    read: (document) => {
      const text = textOf(document);
      const finding = { repository: text, subPath: text, location: text, weaknesses: text };
      return ok(findingHash('salt', finding));
    },
  },
];
