import { describe, expect, test } from 'vitest';
import { parseNetworks } from './addresses.ts';
import { type Arrival, peerOf } from './peer.ts';

const straight: Arrival = {
  remoteAddress: '198.51.100.9',
  encrypted: false,
  forwardedFor: undefined,
  forwardedProto: undefined,
};
const ask = (arrival: Partial<Arrival>, trusted: readonly string[] = []) => {
  const networks = parseNetworks(trusted);
  if (networks === null) throw new Error('expected networks');
  return peerOf({ ...straight, ...arrival }, networks);
};
const proxy = { remoteAddress: '127.0.0.1', forwardedProto: 'https' };

describe('who asks', () => {
  test('is the other end of the connection; headers of a stranger are not read', () => {
    const spoofed = { forwardedFor: '127.0.0.1', forwardedProto: 'https' };
    const peer = { address: '198.51.100.9', scheme: null, direct: true };
    expect(ask(spoofed)).toEqual(peer);
    expect(ask(spoofed, ['127.0.0.1', '10.0.0.0/8'])).toEqual(peer);
  });

  test('is the rightmost that no trusted proxy is; what stands left of it anybody wrote', () => {
    const trusted = ['127.0.0.1', '10.0.0.0/8'];
    const address = (forwardedFor: string) => ask({ ...proxy, forwardedFor }, trusted).address;
    expect(address('198.51.100.9')).toBe('198.51.100.9');
    expect(address('1.1.1.1, 198.51.100.9')).toBe('198.51.100.9');
    expect(address('127.0.0.1, 198.51.100.9, 10.0.0.7')).toBe('198.51.100.9');
    expect(address('198.51.100.9:4711')).toBe('198.51.100.9');
    expect(address('[2001:db8::1]:4711')).toBe('2001:db8::1');
    expect(address('10.0.0.3, 10.0.0.7')).toBe('10.0.0.3');
  });

  test('is the last that is known, where the chain turns into nonsense', () => {
    const trusted = ['127.0.0.1', '10.0.0.0/8'];
    const address = (forwardedFor: string) => ask({ ...proxy, forwardedFor }, trusted).address;
    expect(address('1.1.1.1, unknown, 10.0.0.7')).toBe('10.0.0.7');
    expect(address('<script>')).toBe('127.0.0.1');
    expect(address('')).toBe('127.0.0.1');
    expect(address(`${'10.0.0.1,'.repeat(100_000)}10.0.0.7`)).toBe('10.0.0.1');
  });
});

describe('how it came', () => {
  test('a proxy tells, and one that says nothing was spoken to in the clear', () => {
    const trusted = ['127.0.0.1'];
    const scheme = (arrival: Partial<Arrival>) => ask({ ...proxy, ...arrival }, trusted).scheme;
    expect(scheme({})).toBe('https');
    expect(scheme({ forwardedProto: 'http' })).toBe('http');
    expect(scheme({ forwardedProto: 'https, http' })).toBe('http');
    expect(scheme({ forwardedProto: 'gopher' })).toBe('http');
    expect(scheme({ forwardedProto: undefined, forwardedFor: '1.1.1.1' })).toBe('http');
  });

  test('a program on the machine of the proxy comes straight', () => {
    const own = { remoteAddress: '127.0.0.1' };
    expect(ask(own, ['127.0.0.1'])).toEqual({ address: '127.0.0.1', scheme: null, direct: true });
    expect(ask({ encrypted: true }).scheme).toBe('https');
  });
});
