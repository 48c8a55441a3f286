import { isIPv6, type LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { BeyondReach, hostBeyond, lookupWithin, parseReach, type Resolve } from './reach.ts';

const reachOf = (...entries: string[]) => parseReach(entries) ?? expect.fail('no networks');

test('what is neither a network nor the open net is none', () => {
  for (const entry of ['', 'Public', 'models.internal', '10.0.0.0/33', 'localhost']) {
    expect(parseReach(['public', entry])).toBeNull();
  }
});

test.each([
  [['public'], ['8.8.8.8', '2606:4700::1111'], ['10.1.2.3', '127.0.0.1', 'fd00::1']],
  [['10.20.0.0/16'], ['10.20.3.4'], ['10.21.0.1', '8.8.8.8', '2606:4700::1111']],
  [['public', '10.20.0.0/16', 'fd00::/8'], ['10.20.3.4', '8.8.8.8', 'fd12::1'], ['10.21.0.1']],
])('%j has %j and not %j', (entries, within, beyond) => {
  const reach = reachOf(...entries);
  expect(within.map((address) => reach.has(address))).toEqual(within.map(() => true));
  expect(beyond.map((address) => reach.has(address))).toEqual(beyond.map(() => false));
});

test.each([
  ['loopback', '127.0.0.1', '127.1.2.3', '::1'],
  ['this host', '0.0.0.0', '::'],
  ['private', '10.0.0.1', '172.16.0.1', '192.168.1.1'],
  ['unique local', 'fc00::1', 'fd00:ec2::254'],
  ['link-local', '169.254.169.254', 'fe80::1', 'fec0::1'],
  ['shared by carriers', '100.64.0.1', '100.100.100.200'],
  ['the platform of a cloud', '168.63.129.16', '192.0.0.192'],
  ['multicast and broadcast', '224.0.0.1', 'ff02::1', '255.255.255.255'],
  ['mapped into IPv6', '::ffff:10.0.0.1', '::ffff:a00:1', '::ffff:127.0.0.1'],
  ['compatible with IPv4', '::10.0.0.1', '::7f00:1'],
  ['translated', '::ffff:0:10.0.0.1', '64:ff9b::10.0.0.1', '64:ff9b:1::a00:1'],
  ['6to4 and Teredo', '2002:a00:1::', '2001:0:a00:1::'],
  ['given to nobody', '1::1', '4000::1', '5f00::1', '3fff::1'],
])('%s is not on the open net', (_, ...addresses) => {
  const reach = reachOf('public');
  for (const address of addresses) {
    expect(reach.has(address), address).toBe(false);
    expect(hostBeyond(reach, isIPv6(address) ? `[${address}]` : address), address).toBe(true);
  }
});

/** Resolves by a table; each question takes the next answer. */
function resolving(...answers: (readonly string[])[]): { resolve: Resolve; asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (name, _, callback) => {
    asked.push(name);
    const found = answers.shift() ?? [];
    const addresses = found.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    setImmediate(() => callback(null, addresses));
  };
  return { resolve, asked };
}

const ask = (lookup: LookupFunction, all: boolean) =>
  new Promise((answer) => {
    lookup('name.example', { all }, (error, address) => answer(error ?? address));
  });

test('a name is answered with what was judged, as the connection asks for it', async () => {
  const { resolve } = resolving(['8.8.8.8', '2606:4700::1111'], ['8.8.8.8']);
  const lookup = lookupWithin(reachOf('public'), resolve);
  expect(await ask(lookup, true)).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ]);
  expect(await ask(lookup, false)).toBe('8.8.8.8');
});

test.each([[['10.0.0.1']], [['8.8.8.8', '10.0.0.1']], [['8.8.8.8', '::1']], [[]]])(
  'a name of %j leads nowhere',
  async (addresses) => {
    const lookup = lookupWithin(reachOf('public'), resolving(addresses, addresses).resolve);
    expect(await ask(lookup, true)).toBeInstanceOf(BeyondReach);
    expect(await ask(lookup, false)).toBeInstanceOf(BeyondReach);
  },
);

test('many connections to one name wait for one question', async () => {
  const { resolve, asked } = resolving(['8.8.8.8'], ['10.0.0.1']);
  const lookup = lookupWithin(reachOf('public'), resolve);
  const all = await Promise.all([ask(lookup, false), ask(lookup, true), ask(lookup, false)]);
  expect(all).toEqual(['8.8.8.8', [{ address: '8.8.8.8', family: 4 }], '8.8.8.8']);
  expect(asked).toEqual(['name.example']);
  expect(await ask(lookup, false)).toBeInstanceOf(BeyondReach);
  expect(asked).toHaveLength(2);
});

test('what the system fails with is told as it is', async () => {
  const error = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  const lookup = lookupWithin(reachOf('public'), (_name, _options, callback) =>
    callback(error, []),
  );
  expect(await ask(lookup, true)).toBe(error);
});
