import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { detectInventory, parseInventory } from './detect.ts';

describe('the format of an inventory', () => {
  it.each([
    ['package-lock', '{"lockfileVersion":3,"packages":{}}'],
    ['package-lock', '\n{"dependencies":{"a":{"version":"1.0.0"}}}'],
    ['cyclonedx', '{"bomFormat":"CycloneDX","specVersion":"1.6"}'],
    ['dpkg', 'ii  sed   4.2.1-10   amd64   stream editor\n'],
    ['dpkg', '+++-====-====-====\n'],
    ['dpkg', 'zlib1g:amd64\t1:1.2.13\n'],
    ['format-unknown', '{"spdxVersion":"SPDX-2.3"}'],
    ['format-unknown', '{"dependencies":{"a":"^1.0.0"}}'],
    ['format-unknown', 'requests==2.31.0\n'],
    ['format-unknown', ''],
    ['not-json', '{'],
  ])('is told as %s from %j', (expected, text) => {
    const format = detectInventory(utf8(text));
    expect(format.ok ? format.value : format.refusal.code).toBe(expected);
  });

  it('decides the reader', () => {
    const list = parseInventory(utf8('sed\t4.9-1\n'), { dpkg: { release: '12' } });
    expect(list.ok && list.value.components[0]?.ecosystem).toBe('Debian:12');
    const lock = parseInventory(utf8('{"lockfileVersion":3,"packages":{}}'));
    expect(lock.ok && lock.value.format).toBe('package-lock');
    const bom = parseInventory(utf8('{"bomFormat":"CycloneDX","specVersion":"1.6"}'));
    expect(bom.ok && bom.value.format).toBe('cyclonedx');
  });
});
