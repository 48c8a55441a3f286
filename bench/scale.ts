import { collect, coordinate, type FindingSubmission, record } from '@breakwater/contract';
import { findPostgres } from '../tools/postgres.ts';
import { type Engine, onPostgres, openBeside } from './engines.ts';
import type { BenchOptions, Row } from './row.ts';
import { seed } from './seed.ts';
import { startServer } from './server.ts';
import { load, quantile } from './timing.ts';

/**
 * Reads of an installation with 100,000 cases and a million findings, over HTTP on PostgreSQL, one
 * connection; the peer is `select 1` over one connection to the same engine, and beside each list
 * stands the same list asked by a finder who sees a thousandth of it.
 */
export async function run(options: BenchOptions): Promise<Row[]> {
  const found = findPostgres();
  if ('missing' in found) throw new Error(found.missing);
  return await onPostgres((engine) => measure(engine, options));
}

async function measure(engine: Engine, { short }: BenchOptions): Promise<Row[]> {
  const size = short
    ? { cases: 2_000, findings: 20_000, finders: 100 }
    : { cases: 100_000, findings: 1_000_000, finders: 1_000 };
  const server = await startServer(engine);
  const database = openBeside(engine);
  try {
    const [coordinator, finder] = [await server.party('coordinator'), await server.party('finder')];
    const { finding, case: opened } = await finder.client.call(collect.submit, { body: model });
    if (opened === null) throw new Error('expected a case');
    const like = { case: opened, finding, finder: finder.id };
    const seeded = await seed(database, size, like);
    const count = short ? 30 : 300;
    const bare = quantile((await load(count, 1, () => database.raw('select 1'))).times, 0.5);
    const rows: Row[] = [
      { name: 'visibility rows', value: seeded.visibilityRows, unit: 'rows' },
      { name: 'select 1, bare, p50', value: bare, unit: 'ms' },
    ];
    const headersOf = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
    for (const [who, party] of Object.entries({ coordinator, finder })) {
      const asked = who === 'coordinator' ? seeded.case : opened;
      const first = await page(`${server.address}${coordinate.list.path}?limit=50`, party.key);
      const reads = {
        'case get': coordinate.get.path.replace('{case}', asked),
        'cases, first page of 50': `${coordinate.list.path}?limit=50`,
        'cases, a later page of 50': `${coordinate.list.path}?limit=50&after=${first ?? seeded.case}`,
        'findings, first page of 50': `${collect.list.path}?limit=50`,
        timeline: record.timeline.path.replace('{case}', asked),
      };
      for (const [name, path] of Object.entries(reads)) {
        const { times } = await load(count, 1, async () => {
          const answer = await fetch(server.address + path, headersOf(party.key));
          if (answer.status !== 200) throw new Error(`${name}: ${await answer.text()}`);
          await answer.arrayBuffer();
        });
        const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
        rows.push({ name: `${who}: ${name}, p50`, value: p50, unit: 'ms', ratio: p50 / bare });
        rows.push({ name: `${who}: ${name}, p99`, value: p99, unit: 'ms', ratio: p99 / bare });
      }
    }
    return rows;
  } finally {
    await database.close();
    await server.stop();
  }
}

const model: FindingSubmission = {
  kind: 'native',
  package: 'pkg:deb/debian/cjson',
  version: '1.7.15-1',
  marking: 'AMBER+STRICT',
  title: 'Overflow',
  description: 'Told at length',
  identifiers: ['CVE-2026-1000'],
};

async function page(url: string, key: string): Promise<string | null> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const { next } = coordinate.list.output.parse(await answer.json());
  return next;
}
