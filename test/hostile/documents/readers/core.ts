import { normalizeIdentifier } from '@breakwater/correlation';
import { fromBase64, ok, parseId, parseInstant } from '@breakwater/kernel';
import { compare, parse, splitDebian } from '@breakwater/versions';
import { all, orNull, type Reader, textOf, vectors, written } from '../reader.ts';

/** OSV's names of every ecosystem, whether its order is known or not. */
const ecosystems = [
  'npm',
  'Debian:12',
  'Ubuntu:22.04',
  'PyPI',
  'Maven',
  'Go',
  'crates.io',
  'RubyGems',
  'NuGet',
  'Packagist',
  'Red Hat',
  'Rocky Linux',
  'Alpine:v3.19',
  'Hex',
  'unheard-of',
];

const versionSeeds = all(
  written('1.2.3-rc.1+build\n1.2.3', '1:2.38.1-5+deb12u3\n2.38', '1!2.0.post1.dev3\n2.0', 'v1\nv2'),
  vectors('packages/versions/vectors', '.txt'),
);

export const coreReaders: readonly Reader[] = [
  {
    reads: ['@breakwater/versions#parse', '@breakwater/versions#splitDebian'],
    seeds: versionSeeds,
    growthMax: 400,
    read: (document) => {
      const [one = '', other = ''] = textOf(document).split('\n');
      splitDebian(one);
      const compared = ecosystems.map((name) => compare(name, one, other));
      return compared.find((each) => each.ok) ?? parse('npm', one);
    },
  },
  {
    reads: ['@breakwater/kernel#parseInstant'],
    seeds: written('2026-11-21T09:30:00.000Z', '2024-02-29T23:59:59Z'),
    read: (document) => orNull(parseInstant(textOf(document))),
  },
  {
    reads: ['@breakwater/kernel#parseId'],
    seeds: written(`finding_${'0'.repeat(26)}`),
    read: (document) => orNull(parseId('finding', textOf(document))),
  },
  {
    reads: ['@breakwater/kernel#fromBase64'],
    seeds: written('aGVsbG8=', 'AAAA'),
    read: (document) => orNull(fromBase64(textOf(document))),
  },
  {
    reads: ['@breakwater/correlation#normalizeIdentifier'],
    seeds: written('CVE-2024-1234', 'ghsa-2j2x-2gpw-g8fm', 'RHSA-2022:0216'),
    read: (document) => ok(normalizeIdentifier(textOf(document))),
  },
];
