import { collect, coordinate, type Operation, record } from '@breakwater/contract';
import { startBareHttp } from './bare-http.ts';
import { type Engine, onEachEngine } from './engines.ts';
import type { BenchOptions, Row } from './row.ts';
import { startServer } from './server.ts';
import { load, quantile } from './timing.ts';

const connections = [1, 8];

/**
 * Reads and a small write as clients see them, over kept-alive connections. The peer is the least
 * that could answer: Node's own HTTP server and `select 1` on the same engine, asked the same way.
 */
export async function run(options: BenchOptions): Promise<Row[]> {
  return (await onEachEngine((engine) => measure(engine, options))).flat();
}

async function measure(engine: Engine, { short }: BenchOptions): Promise<Row[]> {
  const count = short ? 40 : 400;
  const server = await startServer(engine);
  const peer = await startBareHttp(engine);
  try {
    const [finder, coordinator] = [await server.party('finder'), await server.party('coordinator')];
    const cases: string[] = [];
    for (let n = 0; n < 60; n++) {
      const { case: id } = await finder.client.call(collect.submit, { body: finding(n) });
      if (id !== null) cases.push(id);
    }
    const caseOf = (n: number) => cases[n % cases.length] ?? '';
    const read = (operation: Operation, n: number, query = '') =>
      ask(
        `${server.address}${operation.path.replace('{case}', caseOf(n))}${query}`,
        coordinator.key,
      );
    const asked: Record<string, (n: number) => Promise<unknown>> = {
      'case get': (n) => read(coordinate.get, n),
      'cases, a page of 50': (n) => read(coordinate.list, n, '?limit=50'),
      timeline: (n) => read(record.timeline, n),
      'a message written': (n) =>
        coordinator.client.call(coordinate.say, {
          params: { case: coordinate.get.params.parse({ case: caseOf(n) }).case },
          body: { text: 'Thank you' },
        }),
    };
    const rows: Row[] = [];
    for (const clients of connections) {
      const on = `${engine.name}, ${clients} at once`;
      const bare = (await load(count, clients, () => ask(peer.address, ''))).times;
      rows.push(...percentiles(`${on}: bare HTTP and select 1`, bare));
      for (const [name, call] of Object.entries(asked)) {
        const { times } = await load(count, clients, call);
        rows.push(...percentiles(`${on}: ${name}`, times, bare));
      }
    }
    return rows;
  } finally {
    peer.stop();
    await server.stop();
  }
}

function percentiles(name: string, times: readonly number[], bare?: readonly number[]): Row[] {
  return [0.5, 0.99].map((share) => {
    const value = quantile(times, share);
    const row: Row = { name: `${name}, p${share * 100}`, value, unit: 'ms' };
    return bare === undefined ? row : { ...row, ratio: value / quantile(bare, share) };
  });
}

async function ask(url: string, key: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${text}`);
}

function finding(n: number) {
  return {
    kind: 'native' as const,
    package: 'pkg:deb/debian/cjson',
    version: '1.7.15-1',
    marking: 'AMBER+STRICT' as const,
    title: 'Overflow while parsing a number',
    description: 'Told at length',
    weakness: 'CWE-121',
    location: { path: 'cJSON.c', function: `parse_${n}` },
    identifiers: [],
  };
}
