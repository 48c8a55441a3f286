import fc from 'fast-check';
import type { Advisory, AffectedPackage, Publisher } from '../advisory.ts';

/** Who publishes in tests. */
export const publisher: Publisher = {
  name: 'The clearinghouse of an example',
  namespace: 'https://clearinghouse.example',
  contact: null,
  self: 'https://clearinghouse.example/v1/advisories/x_BW-2026-0A1B2C3D/csaf',
  page: 'https://clearinghouse.example/advisories/x_BW-2026-0A1B2C3D',
};

const line = fc
  .string({ minLength: 1, maxLength: 80, unit: 'grapheme' })
  .map((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').trim())
  .filter((text) => text !== '');

const number = fc.integer({ min: 0, max: 40 });

/** Ascending, each a version of npm and of Debian alike. */
const versions = fc
  .uniqueArray(fc.tuple(number, number, number), {
    minLength: 1,
    maxLength: 6,
    selector: (parts) => parts.join('.'),
  })
  .map((each) =>
    each
      .toSorted(([a, b, c], [x, y, z]) => a - x || b - y || c - z)
      .map((parts) => parts.join('.')),
  );

const intervals = fc
  .record({ list: versions, fromStart: fc.boolean(), lastIncluded: fc.boolean() })
  .map(({ list, fromStart, lastIncluded }) => {
    const bounds = fromStart ? [null, ...list] : list;
    const pairs = Array.from({ length: Math.ceil(bounds.length / 2) }, (_, i) => ({
      introduced: bounds[2 * i] ?? null,
      end: bounds[2 * i + 1] ?? null,
    }));
    return pairs.map(({ introduced, end }) =>
      lastIncluded
        ? { introduced, fixed: null, lastAffected: end }
        : { introduced, fixed: end, lastAffected: null },
    );
  });

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);

const affected: fc.Arbitrary<AffectedPackage> = fc
  .record({ name, intervals, ecosystem: fc.constantFrom('npm', 'Debian', 'Debian:12') })
  .map((of) => ({
    ...of,
    purl: of.ecosystem === 'npm' ? `pkg:npm/${of.name}` : `pkg:deb/debian/${of.name}`,
  }));

/** Advisories as they may be published, of whatever text. */
export const someAdvisory: fc.Arbitrary<Advisory> = fc.record({
  id: fc.constant('x_BW-2026-0A1B2C3D'),
  aliases: fc.uniqueArray(
    fc.constantFrom('CVE-2026-12345', 'CVE-2026-99999', 'GHSA-9v2f-6vcg-3hgv', 'OSV-2026-1'),
  ),
  title: line,
  details: fc.string({ minLength: 1, unit: 'grapheme' }),
  affected: fc.uniqueArray(affected, {
    minLength: 1,
    maxLength: 5,
    selector: (of) => `${of.ecosystem} ${of.name}`,
  }),
  severity: fc.uniqueArray(
    fc.constantFrom(
      'AV:N/AC:L/Au:N/C:P/I:P/A:C',
      'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N',
      'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      'CVSS:3.1/AV:L/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H/E:P/RL:O',
      'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
    ),
    // One of each version, as a publication has them.
    { selector: (vector) => vector.slice(0, 8) },
  ),
  weaknesses: fc.uniqueArray(fc.constantFrom('CWE-79', 'CWE-125', 'CWE-787', 'CWE-1059')),
  references: fc.array(
    fc.record({
      type: fc.constantFrom('ADVISORY', 'FIX', 'REPORT', 'WEB'),
      url: fc.webUrl({ withQueryParameters: true, withFragments: true }),
    }),
    { maxLength: 4 },
  ),
  credits: fc.array(line, { maxLength: 4 }),
  patch: fc.option(
    fc.constant({
      sha256: `sha256:${'0123456789abcdef'.repeat(4)}`,
      url: 'https://clearinghouse.example/advisories/x_BW-2026-0A1B2C3D',
    }),
  ),
  revisions: fc.tuple(fc.integer({ min: 1, max: 5 }), line).map(([count, summary]) =>
    Array.from({ length: count }, (_, i) => ({
      number: i + 1,
      date: `2026-11-2${i}T12:00:00Z`,
      summary,
    })),
  ),
});
