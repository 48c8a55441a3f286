import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { parseCsafProvider } from './index.ts';

const own = {
  canonical_url: 'https://example.com/.well-known/csaf/provider-metadata.json',
  distributions: [
    { directory_url: 'https://example.com/csaf/' },
    {
      rolie: {
        feeds: [{ url: 'https://example.com/feed.json', tlp_label: 'WHITE', summary: 'All.' }],
      },
    },
  ],
  last_updated: '2026-07-12T20:20:56.169Z',
  list_on_CSAF_aggregators: true,
  metadata_version: '2.0',
  mirror_on_CSAF_aggregators: true,
  public_openpgp_keys: [{ fingerprint: 'A'.repeat(40), url: 'https://example.com/key.asc' }],
  publisher: {
    category: 'vendor',
    contact_details: 'mailto:psirt@example.com',
    name: 'Example',
    namespace: 'https://example.com',
  },
  role: 'csaf_provider',
};
const parse = (value: unknown) => parseCsafProvider(utf8(JSON.stringify(value)));

describe('provider metadata of CSAF (7.1.7)', () => {
  it('says who publishes what where, with which keys', () => {
    expect(parse(own)).toEqual({
      ok: true,
      value: {
        canonicalUrl: own.canonical_url,
        publisher: {
          name: 'Example',
          namespace: 'https://example.com',
          contact: 'mailto:psirt@example.com',
          category: 'vendor',
        },
        role: 'csaf_provider',
        lastUpdated: own.last_updated,
        directories: ['https://example.com/csaf/'],
        feeds: [{ url: 'https://example.com/feed.json', tlp: 'WHITE', summary: 'All.' }],
        keys: [{ url: 'https://example.com/key.asc', fingerprint: 'A'.repeat(40) }],
      },
    });
  });

  it.each([
    ['another version', { metadata_version: '1.0' }],
    ['no TLS', { canonical_url: 'http://example.com/provider-metadata.json' }],
    ['a short fingerprint', { public_openpgp_keys: [{ fingerprint: 'AA', url: 'https://a.b' }] }],
    ['no publisher', { publisher: null }],
  ])('refuses %s', (_, more) => {
    expect(parse({ ...own, ...more })).toMatchObject({
      refusal: { code: 'provider-nonconforming' },
    });
  });

  const data = process.env['BREAKWATER_DATA'] ?? '../shared/data';
  const folders = ['csaf_2.0', 'csaf_2.1'].map((version) =>
    path.resolve(data, 'conformance/csaf', version, 'examples/provider-metadata'),
  );
  it.skipIf(!folders.every((folder) => existsSync(folder)))(
    'reads the examples of the standard (needs the data beside the repository)',
    () => {
      const files = folders.flatMap((folder) =>
        readdirSync(folder).map((name) => path.join(folder, name)),
      );
      expect(files.length).toBeGreaterThanOrEqual(4);
      for (const file of files) {
        expect(parseCsafProvider(readFileSync(file)), file).toMatchObject({
          value: { publisher: { name: 'Example Company ProductCERT' }, feeds: [{}] },
        });
      }
    },
  );
});
