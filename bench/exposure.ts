import { type CompiledAdvisory, compileAdvisory, createExposureIndex } from '@breakwater/exposure';
import type { Component } from '@breakwater/formats/inventory';
import type { OsvRecord } from '@breakwater/formats/osv';
import type { BenchOptions, Row } from './row.ts';

/**
 * One million components of 1,000 inventories against 200,000 advisories: the time of one advisory
 * and of matching everything again. Names follow a skewed choice, as real ones do: a few packages
 * are everywhere. Half the components are npm's, half Debian's.
 *
 * The peer is a prototype over typed arrays that counts matches of a like set instead of giving
 * each with its reason: 2.9 us and 17 us for one advisory, 1.9 million components a second.
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const random = seeded(42);
  const inventories = short ? 50 : 1000;
  const packages = short ? 5000 : 100_000;
  const advisoryCount = short ? 5000 : 200_000;
  const index = createExposureIndex();

  const drafts = Array.from({ length: inventories }, () =>
    Array.from({ length: 1000 }, () => component(random, packages)),
  );
  const loadMs = timed(() => {
    for (const [number, components] of drafts.entries())
      index.put(`inventory-${number}`, components);
  });
  const records = Array.from({ length: advisoryCount }, (_, n) => advisory(n, random, packages));
  let compiled: readonly CompiledAdvisory[] = [];
  const compileMs = timed(() => {
    compiled = records.map(compileAdvisory);
  });
  // The first pass sorts what was put in; a running service has done that long ago.
  const firstMs = timed(() => matchAll(index, compiled));
  let matches = 0;
  const allMs = timed(() => {
    matches = matchAll(index, compiled);
  });
  const { p50, p99 } = percentiles(compiled.slice(0, 20_000), (each) => index.affected(each));
  const held = index.size.components;
  return [
    { name: 'components put into the index', value: (held / loadMs) * 1000, unit: '/s' },
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

function matchAll(
  index: ReturnType<typeof createExposureIndex>,
  advisories: readonly CompiledAdvisory[],
): number {
  let count = 0;
  for (const each of advisories) count += index.affected(each).length;
  return count;
}

type Random = () => number;

function component(random: Random, packages: number): Component {
  const number = Math.floor(packages * random() ** 2);
  const name = `package-${number}`;
  if (number % 2 === 0) return { ecosystem: 'npm', name, version: npmVersion(random), path: name };
  const version = `${npmVersion(random)}-${1 + Math.floor(random() * 3)}`;
  return { ecosystem: 'Debian:12', name, version, path: name };
}

function advisory(number: number, random: Random, packages: number): OsvRecord {
  const at = Math.floor(packages * random() ** 2);
  const introduced = random() < 0.5 ? '0' : npmVersion(random);
  const events = [{ introduced }, { fixed: npmVersion(random) }];
  const [ecosystem, type] =
    at % 2 === 0 ? (['npm', 'SEMVER'] as const) : (['Debian:12', 'ECOSYSTEM'] as const);
  const affected = [{ package: { ecosystem, name: `package-${at}` }, ranges: [{ type, events }] }];
  return { id: `x_bench-${number}`, modified: '2026-01-01T00:00:00Z', affected };
}

function npmVersion(random: Random): string {
  const part = (below: number) => Math.floor(random() * below);
  return `${part(6)}.${part(12)}.${part(9)}`;
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
