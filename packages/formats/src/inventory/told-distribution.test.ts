import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { parseInventory } from './parse.ts';

const dpkg = 'libcjson1\t1.7.15-1\tcjson\t1.7.15-1\n';
const rpm = 'openssl-libs\t1\t3.0.7\t24.el9\tx86_64\topenssl-3.0.7-24.el9.src.rpm\n';
const apk = 'libssl3-3.3.1-r2 x86_64 {openssl} () [installed]\n';

test.each([
  [dpkg, 'Debian:12', 'Debian:12'],
  [dpkg, 'Debian:12.5', 'Debian:12'],
  [dpkg, 'Debian', 'Debian'],
  [dpkg, 'Ubuntu:22.04', 'Ubuntu:22.04:LTS'],
  [dpkg, 'Ubuntu:22.04:LTS', 'Ubuntu:22.04:LTS'],
  [dpkg, 'Ubuntu:Pro:16.04:LTS', 'Ubuntu:Pro:16.04:LTS'],
  [apk, 'Alpine:3.20', 'Alpine:v3.20'],
  [apk, 'Alpine:v3.20', 'Alpine:v3.20'],
  [apk, 'Alpine:edge', 'Alpine:edge'],
  [rpm, 'Rocky Linux:9.3', 'Rocky Linux:9'],
  [rpm, 'Red Hat:enterprise_linux:9::baseos', 'Red Hat:enterprise_linux:9::baseos'],
])('%j told to be of %s is of %s', (list, distribution, ecosystem) => {
  const read = parseInventory(utf8(list), { distribution });
  expect(read.ok && read.value.components.map((each) => each.ecosystem)).toEqual([ecosystem]);
});

test.each([
  [dpkg, 'Debian:bookworm'],
  [dpkg, 'Ubuntu:jammy'],
  [apk, 'Alpine:latest'],
  [dpkg, 'Alpine:v3.20'],
  [dpkg, 'Rocky Linux:9'],
  [rpm, 'Debian:12'],
])('%j told to be of %s is refused: no advisory names that', (list, distribution) => {
  const read = parseInventory(utf8(list), { distribution });
  expect(read).toMatchObject({ ok: false, refusal: { code: 'distribution-unknown' } });
});
