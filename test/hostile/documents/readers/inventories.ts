import { parseApk } from '@breakwater/formats/apk';
import { parseCycloneDx } from '@breakwater/formats/cyclonedx';
import { parseDpkg } from '@breakwater/formats/dpkg';
import { detectInventory, parseInventory } from '@breakwater/formats/inventory';
import { parsePackageLock } from '@breakwater/formats/package-lock';
import { parseProductList } from '@breakwater/formats/product-list';
import { parsePurl } from '@breakwater/formats/purl';
import { parseRpm } from '@breakwater/formats/rpm';
import { parseSpdx } from '@breakwater/formats/spdx';
import { readVers } from '../../../../packages/formats/src/vers/vers.ts';
import { all, orNull, type Reader, realData, textOf, vectors, written } from '../reader.ts';

const bom = written({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { name: 'app', version: '1', purl: 'pkg:npm/app@1' } },
  components: [
    { name: 'a', purl: 'pkg:npm/a@1.0.0', components: [{ name: 'b', purl: 'pkg:npm/%40s/b@2' }] },
    {
      name: 'libc6',
      purl: 'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12&upstream=glibc',
    },
    {
      name: 'zlib1g',
      purl: 'pkg:deb/ubuntu/zlib1g@1:1.2.11-2?distro=ubuntu-20.04',
      properties: [{ name: 'aquasecurity:trivy:SrcName', value: 'zlib' }],
    },
    { name: 'c', group: 'org.example', version: '1', type: 'library' },
  ],
  dependencies: [{ ref: 'a', dependsOn: ['b'] }],
});

const debianList = written(
  `Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
||/ Name                      Version            Architecture Description
+++-=========================-==================-============-===================
ii  binutils-x86-64-linux-gnu 2.40-2             amd64        GNU binary utilities
hi  bsdutils                  1:2.38.1-5+deb12u3 amd64        basic utilities
rc  oldlib1:i386              1.0-1              i386         removed
un  nothing                   <none>             <none>       (no description)
`,
  'libc6:amd64\t2.36-9+deb12u4\tglibc\t2.36-9+deb12u4\tinstall ok installed\nsed\t4.9-1\n',
);

const locks = vectors('packages/formats/src/package-lock/fixtures', '.json');

const purls = written(
  'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12',
  'pkg:npm/%40angular/animation@12.3.1#src/a',
  'pkg:golang/github.com/gorilla/context@v1.1.1?a=b%2Fc',
  'pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?repository_url=repo.example.org/release',
);

const spdx = written(
  {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'a',
    documentNamespace: 'https://example.org/a',
    creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Tool: hand'] },
    packages: [
      {
        name: 'flat',
        SPDXID: 'SPDXRef-flat',
        versionInfo: '5.0.0',
        downloadLocation: 'NOASSERTION',
        externalRefs: [
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: 'pkg:npm/flat@5.0.0',
          },
        ],
      },
    ],
    relationships: [
      {
        spdxElementId: 'SPDXRef-DOCUMENT',
        relationshipType: 'DESCRIBES',
        relatedSpdxElement: 'SPDXRef-flat',
      },
    ],
  },
  'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\nDocumentNamespace: https://example.org/a\nCreator: Tool: hand\nCreated: 2026-01-01T00:00:00Z\n\nPackageName: flat\nSPDXID: SPDXRef-flat\nPackageVersion: 5.0.0\nPackageComment: <text>one\ntwo</text>\nExternalRef: PACKAGE-MANAGER purl pkg:npm/flat@5.0.0\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-flat\n',
);

const rpms = written(
  'bash-5.1.8-6.el9.x86_64\nopenssl-libs-1:3.0.7-24.el9.x86_64\ngpg-pubkey-8483c65d-5ccc5b19\n',
  'bash\t(none)\t5.1.8\t6.el9\tx86_64\tbash-5.1.8-6.el9.src.rpm\n',
);

const rocky = { distribution: 'Rocky Linux:9' };

const apks = written(
  'musl-1.2.4-r2 x86_64 {musl} (MIT) [installed]\nbusybox-1.36.1-r15 - Size optimized toolbox\nzlib-1.3.1-r0\n',
);

export const inventoryReaders: readonly Reader[] = [
  { reads: ['@breakwater/formats/cyclonedx#parseCycloneDx'], seeds: bom, read: parseCycloneDx },
  { reads: ['@breakwater/formats/dpkg#parseDpkg'], seeds: debianList, read: (d) => parseDpkg(d) },
  {
    reads: ['@breakwater/formats/package-lock#parsePackageLock'],
    seeds: locks,
    read: parsePackageLock,
  },
  {
    reads: [
      '@breakwater/formats/inventory#parseInventory',
      '@breakwater/formats/inventory#detectInventory',
    ],
    seeds: all(bom, debianList, locks, spdx, rpms, apks),
    read: (document) => {
      detectInventory(document);
      return parseInventory(document);
    },
  },
  {
    reads: ['@breakwater/formats/product-list#parseProductList'],
    seeds: written('# ours\nlibcjson1 1.7.15-1\nnpm: flat 5.0.0\nDebian:12: sed, 4.9-1\n'),
    read: (document) => parseProductList(document, 'Debian:12'),
  },
  {
    reads: ['@breakwater/formats/purl#parsePurl'],
    seeds: purls,
    read: (document) => parsePurl(textOf(document)),
  },
  {
    reads: ['@breakwater/formats/spdx#parseSpdx'],
    seeds: all(spdx, realData('sbom/osv-scalibr/extractor/filesystem/sbom/spdx/testdata')),
    read: (document) => parseSpdx(document, document[0] === 0x7b ? 'json' : 'tag-value'),
  },
  { reads: ['@breakwater/formats/rpm#parseRpm'], seeds: rpms, read: (d) => parseRpm(d, rocky) },
  { reads: ['@breakwater/formats/apk#parseApk'], seeds: apks, read: (d) => parseApk(d, {}) },
  {
    reads: ['formats/vers#readVers'],
    seeds: written('vers:npm/>=1.0.0|<2.0.0|!=1.5.0', 'vers:pypi/*', 'vers:deb/1.0|>=2|<3'),
    read: (document) => orNull(readVers(textOf(document))),
  },
];
