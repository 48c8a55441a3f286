import type { Story } from './chain.ts';

/** Real vulnerabilities of real, public, long-fixed software; the versions are Debian's and npm's own. */
export const stories: readonly Story[] = [
  {
    name: 'cjson',
    recipe: 'cjson-parse',
    package: 'pkg:deb/debian/cjson',
    version: '1.7.15-1',
    findings: [
      {
        by: 'first',
        submission: async (read) => ({
          kind: 'crash',
          title: 'Out-of-bounds read while parsing a truncated object',
          tool: 'AddressSanitizer, gcc 12',
          report: await read.text('reports/cjson-cve-2023-53154.asan.txt'),
          input: await read.base64('proofs/cjson-cve-2023-53154.input'),
        }),
      },
      {
        by: 'second',
        submission: async (read) => ({
          kind: 'native',
          title: 'cJSON_ParseWithLength reads past the end of its buffer',
          description:
            'parse_string reads the byte after the buffer when the input ends right after a comma inside an object. Found by reading the code.',
          weakness: 'CWE-125',
          location: { path: 'cJSON.c', function: 'parse_string', line: 777 },
          identifiers: ['CVE-2023-53154'],
          proof: await read.base64('proofs/cjson-cve-2023-53154.input'),
        }),
      },
    ],
    fuzzSeconds: 40,
    statement: {
      exploitation: 'public poc',
      automatable: 'yes',
      technicalImpact: 'partial',
      missionPrevalence: 'support',
      publicWellBeing: 'material',
      publiclyExposed: 'yes',
      cve: 'CVE-2023-53154',
      cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:H',
    },
    wrongPatch: 'patches/cjson-cve-2023-53154-wrong.patch',
    realPatch: 'patches/cjson-cve-2023-53154.patch',
    publication: {
      summary: 'cJSON reads past the end of its input when a document is cut off',
      details:
        'cJSON_ParseWithLength reads one byte beyond the buffer when a document ends right after a comma inside an object. A program that parses documents from outside can be made to stop or to read memory that is not its own.',
      affected: [
        {
          ecosystem: 'Debian:11',
          package: 'cjson',
          introduced: '0',
          fixed: '1.7.14-1+deb11u2',
          binaries: ['libcjson1', 'libcjson-dev'],
        },
        {
          ecosystem: 'Debian:12',
          package: 'cjson',
          introduced: '0',
          fixed: '1.7.15-1+deb12u3',
          binaries: ['libcjson1', 'libcjson-dev'],
        },
        {
          ecosystem: 'Debian:13',
          package: 'cjson',
          introduced: '0',
          fixed: '1.7.18-1',
          binaries: ['libcjson1', 'libcjson-dev'],
        },
      ],
      aliases: ['CVE-2023-53154'],
      references: [
        { type: 'ADVISORY', url: 'https://security-tracker.debian.org/tracker/CVE-2023-53154' },
      ],
    },
  },
  {
    name: 'flat',
    recipe: 'flat-unflatten',
    package: 'pkg:npm/flat',
    version: '5.0.0',
    findings: [
      {
        by: 'second',
        submission: async (read) => ({
          kind: 'native',
          title: 'unflatten pollutes Object.prototype',
          description: 'A key that begins with __proto__ reaches the prototype of all objects.',
          weakness: 'CWE-1321',
          location: { path: 'index.js', function: 'unflatten' },
          identifiers: [],
          proof: await read.base64('proofs/flat-cve-2020-36632.cjs'),
        }),
      },
      {
        by: 'first',
        submission: async (read) => ({
          kind: 'native',
          title: 'Prototype pollution in flat',
          description:
            'Hostile keys such as __proto__.polluted change every object of the program.',
          weakness: 'CWE-1321',
          location: { path: 'package/index.js', function: 'unflatten', line: 119 },
          identifiers: ['CVE-2020-36632', 'GHSA-2j2x-2gpw-g8fm'],
          tool: 'an agent of Lab North',
          proof: await read.base64('proofs/flat-cve-2020-36632.cjs'),
        }),
      },
    ],
    fuzzSeconds: 0,
    statement: {
      exploitation: 'none',
      automatable: 'no',
      technicalImpact: 'partial',
      publiclyExposed: 'yes',
      cve: 'CVE-2020-36632',
    },
    wrongPatch: 'patches/flat-cve-2020-36632-wrong.patch',
    realPatch: 'patches/flat-cve-2020-36632.patch',
    publication: {
      summary: 'flat lets hostile keys change every object of a program',
      details:
        'unflatten writes to Object.prototype when a key begins with __proto__. A program that unflattens data from outside can be made to misbehave in ways its authors did not foresee.',
      affected: [
        { ecosystem: 'npm', package: 'flat', introduced: '0', fixed: '5.0.1', binaries: [] },
      ],
      aliases: ['CVE-2020-36632', 'GHSA-2j2x-2gpw-g8fm'],
      references: [{ type: 'ADVISORY', url: 'https://github.com/advisories/GHSA-2j2x-2gpw-g8fm' }],
    },
  },
];
