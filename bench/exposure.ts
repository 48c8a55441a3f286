import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type CompiledAdvisory, compileAdvisory, createExposureIndex } from '@breakwater/exposure';
import type { Component } from '@breakwater/formats/inventory';
import type { OsvRecord } from '@breakwater/formats/osv';
import type { BenchOptions, Row } from './row.ts';

/**
 * Who runs an affected version, at the size of a large clearinghouse: one million components of
 * 1,000 inventories against 200,000 advisories with 266,000 ranges, some 14 million matches. Both
 * choose among 100,000 packages by a power law, as real ones do: a few are everywhere, and those
 * have most of the advisories.
 *
 * The peer is a prototype over typed arrays, measured on a like set on another day: it counts pairs,
 * where this gives each match with its component and its reason. 2.9 us and 17 us for one advisory,
 * 1.9 million components a second.
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const random = seeded(42);
  const inventories = short ? 50 : 1000;
  const packages = short ? 5000 : 100_000;
  const advisoryCount = short ? 5000 : 200_000;
  const index = createExposureIndex();

  const before = heapBytes();
  let loadMs = 0;
  for (let number = 0; number < inventories; number += 1) {
    const components = Array.from({ length: 1000 }, () => component(random, packages));
    loadMs += timed(() => index.put(`inventory-${number}`, components));
  }
  const records = Array.from({ length: advisoryCount }, (_, n) => advisory(n, random, packages));
  let compiled: readonly CompiledAdvisory[] = [];
  const compileMs = timed(() => {
    compiled = records.map(compileAdvisory);
  });
  records.length = 0;
  // The first pass sorts what was put in; a running service has done that long ago.
  const firstMs = timed(() => matchAll(index, compiled));
  let matches = 0;
  const allMs = timed(() => {
    matches = matchAll(index, compiled);
  });
  const { p50, p99 } = percentiles(compiled.slice(0, 20_000), (each) => index.affected(each));
  compiled = [];
  const held = index.size.components;
  const bytes = (heapBytes() - before) / held;
  return [
    { name: 'components put into the index', value: (held / loadMs) * 1000, unit: '/s' },
    { name: 'memory of a component with its place in the index', value: bytes, unit: 'bytes' },
    { name: 'advisories prepared', value: (advisoryCount / compileMs) * 1000, unit: '/s' },
    { name: 'one advisory against all, p50', value: p50, unit: 'us', ratio: p50 / 2.9 },
    { name: 'one advisory against all, p99', value: p99, unit: 'us', ratio: p99 / 17 },
    { name: 'first match of everything, with sorting', value: firstMs, unit: 'ms' },
    { name: 'full re-match', value: allMs, unit: 'ms' },
    {
      name: 'full re-match, components',
      value: (held / allMs) * 1000,
      unit: '/s',
      ratio: ((held / allMs) * 1000) / 1_900_000,
    },
    { name: 'matches found', value: matches, unit: 'matches' },
    { name: 'matches per second', value: (matches / allMs) * 1000, unit: '/s' },
  ];
}

/** Bytes of the heap after a collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

function matchAll(
  index: ReturnType<typeof createExposureIndex>,
  advisories: readonly CompiledAdvisory[],
): number {
  let count = 0;
  for (const each of advisories) count += index.affected(each).length;
  return count;
}

type Random = () => number;

const ecosystems = ['npm', 'Debian:12'] as const;

function component(random: Random, packages: number): Component {
  const { ecosystem, name } = packageOf(random, packages);
  return { ecosystem, name, version: versionIn(ecosystem, random), path: name };
}

function advisory(number: number, random: Random, packages: number): OsvRecord {
  const { ecosystem, name } = packageOf(random, packages);
  const type = ecosystem.startsWith('Debian') ? 'ECOSYSTEM' : 'SEMVER';
  const range = () => {
    const introduced = random() < 0.5 ? '0' : versionIn(ecosystem, random);
    return { type, events: [{ introduced }, { fixed: versionIn(ecosystem, random) }] } as const;
  };
  const ranges = random() < 1 / 3 ? [range(), range()] : [range()];
  const affected = [{ package: { ecosystem, name }, ranges }];
  return { id: `x_bench-${number}`, modified: '2026-01-01T00:00:00Z', affected };
}

function packageOf(random: Random, packages: number) {
  const number = Math.floor(packages * random() ** 2.4);
  const ecosystem = ecosystems[number % ecosystems.length] ?? 'npm';
  return { ecosystem, name: `package-${number}` };
}

function versionIn(ecosystem: string, random: Random): string {
  const part = (below: number) => Math.floor(random() * below);
  const version = `${part(12)}.${part(30)}.${part(20)}`;
  return ecosystem.startsWith('Debian') ? `${version}-${1 + part(3)}` : version;
}

/** mulberry32: the same figures' input on every run. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function percentiles<T>(items: readonly T[], work: (item: T) => unknown) {
  const times = Float64Array.from(items, (item) => timed(() => work(item)) * 1000).sort();
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
