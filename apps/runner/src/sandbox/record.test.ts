import { expect, it } from 'vitest';
import { type Evidence, endingOf, missingWall, networkEvidence, parseEvidence } from './record.ts';

const attempts = Array.from({ length: 8 }, (_, index) => ({
  what: `way ${index}`,
  result: index === 7 ? 'connect: Connection refused' : 'socket: Address family not supported',
}));
const standing: Evidence = {
  interfaces: ['lo'],
  attempts,
  status: { Seccomp: '2', NoNewPrivs: '1', CapEff: '0000000000000000' },
  error: null,
  ready: true,
};

it('misses nothing where every wall stands', () => {
  expect(missingWall(standing)).toBeNull();
  expect(networkEvidence(standing).denied).toBe(true);
});

const opened = attempts.with(3, { what: 'way 3', result: 'reached' });
const underWay = attempts.with(3, { what: 'way 3', result: 'reached: in progress' });
const status = (changed: Record<string, string>) => ({
  status: { ...standing.status, ...changed },
});
const faults: [string, Partial<Evidence>, string][] = [
  ['a way out', { attempts: opened }, 'way 3 was reached'],
  ['a way out under way', { attempts: underWay }, 'way 3 was reached: in progress'],
  ['an untried way', { attempts: attempts.slice(1) }, 'the network was not tried from inside'],
  ['no evidence', { attempts: [] }, 'the network was not tried from inside'],
  [
    'an interface',
    { interfaces: ['lo', 'eth0'] },
    'network interfaces are visible inside: lo, eth0',
  ],
  ['no filter', status({ Seccomp: '0' }), 'the system call filter is not active'],
  ['privileges to gain', status({ NoNewPrivs: '0' }), 'new privileges could be gained'],
  ['a capability', status({ CapEff: '0000000000200000' }), 'capabilities are left'],
  ['no status', { status: {} }, 'the system call filter is not active'],
];
for (const [what, changed, words] of faults) {
  it(`misses a wall where the evidence shows ${what}`, () => {
    expect(missingWall({ ...standing, ...changed })).toBe(words);
  });
}

it('parses lines, keeps the first error, passes over what it does not know', () => {
  const text = 'status\tSeccomp\t2\ninterface\tlo\t\nnews\tx\ty\nerror\ta\tb\nerror\tc\td\n';
  expect(parseEvidence(text)).toEqual({
    interfaces: ['lo'],
    attempts: [],
    status: { Seccomp: '2' },
    error: 'a: b',
    ready: false,
  });
});

it('infers signals from 128+n only where such a signal exists', () => {
  expect(endingOf(139)).toEqual({ kind: 'signaled', code: 139, signal: 'SIGSEGV' });
  expect([endingOf(128), endingOf(255), endingOf(0)]).toEqual([
    { kind: 'exited', code: 128 },
    { kind: 'exited', code: 255 },
    { kind: 'exited', code: 0 },
  ]);
});
