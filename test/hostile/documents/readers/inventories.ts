import { parseCycloneDx } from '@breakwater/formats/cyclonedx';
import { parseDpkg } from '@breakwater/formats/dpkg';
import { detectInventory, parseInventory } from '@breakwater/formats/inventory';
import { parsePackageLock } from '@breakwater/formats/package-lock';
import { parseProductList } from '@breakwater/formats/product-list';
import { parsePurl } from '@breakwater/formats/purl';
import { all, type Reader, textOf, vectors, written } from '../reader.ts';

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
    seeds: all(bom, debianList, locks),
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
];
