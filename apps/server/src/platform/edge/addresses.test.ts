import { describe, expect, test } from 'vitest';
import { countedAddress, isPublicAddress, parseNetworks, plainAddress } from './addresses.ts';

describe('an address is one, however it is written', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['192.0.2.01', null],
    ['0x7f.1', null],
    ['2130706433', null],
    ['localhost', null],
    ['', null],
  ])('%s', (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });
});

test('networks hold what they name, also where IPv4 comes as IPv6', () => {
  const networks = parseNetworks(['10.0.0.0/8', '192.0.2.1', 'fd00::/8']);
  const held = ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', 'fd12::1'];
  const not = ['11.0.0.1', '192.0.2.2', 'fe80::1', 'nonsense', ''];
  expect(held.map((a) => networks?.has(a))).toEqual(held.map(() => true));
  expect(not.map((a) => networks?.has(a))).toEqual(not.map(() => false));
});

test.each(['', 'example.org', '10.0.0.0/33', '::1/129', '10.0.0.0/8/8', '10.0.0.0/-1'])(
  'no network: %j',
  (entry) => expect(parseNetworks([entry])).toBeNull(),
);

test('whoever has a /64 is counted once', () => {
  expect(countedAddress('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(countedAddress('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64');
  expect(countedAddress('2001:db8::9')).toBe('2001:db8:0:0::/64');
  expect(countedAddress('::1')).toBe('0:0:0:0::/64');
  expect(countedAddress('192.0.2.1')).toBe('192.0.2.1');
  expect(countedAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
});

describe('only addresses of the open net are public', () => {
  test.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  test.each([
    '127.0.0.1',
    '127.255.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
