import { loadavg } from 'node:os';
import { collect, coordinate, type FindingSubmission, search } from '@breakwater/contract';
import type { Database } from '../apps/server/src/platform/database/database.ts';
import { findPostgres } from '../tools/postgres.ts';
import { type Engine, onPostgres, openBeside } from './engines.ts';
import type { BenchOptions, Row } from './row.ts';
import { type SeededLists, seedLists } from './seed-lists.ts';
import { type Server, startServer } from './server.ts';
import { load, quantile, timed } from './timing.ts';

const p99MsMax = 50;

/**
 * Lists, funnel and search of an installation with 100,000 cases, over HTTP on PostgreSQL, for a
 * coordinator who sees all and a finder and an owner who see 100. The peers are, asked over one
 * connection to the same engine without HTTP: the plain page of the same rows by one index, and for
 * the search pg_trgm, the extension that a product which may use extensions would take.
 */
export async function run(options: BenchOptions): Promise<Row[]> {
  const found = findPostgres();
  if ('missing' in found) throw new Error(found.missing);
  return await onPostgres((engine) => measure(engine, options));
}

type Party = Awaited<ReturnType<Server['party']>>;

async function measure(engine: Engine, { short }: BenchOptions): Promise<Row[]> {
  const size = short ? { cases: 2_000, few: 100 } : { cases: 100_000, few: 100 };
  const first = await startServer(engine);
  const parties = {
    coordinator: await first.party('coordinator'),
    finder: await first.party('finder'),
    owner: await first.party('owner'),
  };
  const { finding, case: opened } = await parties.finder.client.call(collect.submit, {
    body: model,
  });
  if (opened === null) throw new Error('expected a case');
  await first.stop();
  const database = openBeside(engine);
  const like = { case: opened, finding, finder: parties.finder.id, owner: parties.owner.id };
  const asked = await seedLists(database, engine.dataDirectory, { size, like });
  const server = await startServer(engine);
  try {
    const client = { ...parties.coordinator, address: server.address };
    const complete = await timed(() => untilComplete(client));
    const rows: Row[] = [
      { name: 'cases', value: size.cases, unit: '' },
      { name: 'load of the machine as it begins', value: loadavg()[0] ?? 0, unit: '' },
      { name: 'restart until requests are served', value: server.readyMs, unit: 'ms' },
      { name: 'from there until all is found', value: complete, unit: 'ms' },
    ];
    const peers = await measurePeers(database, asked, short ? 30 : 200);
    rows.push(...peers.rows);
    for (const [who, party] of Object.entries(parties)) {
      const paths = await pathsFor(server.address, party, { asked, owner: parties.owner.id, who });
      for (const [name, { path, peer }] of Object.entries(paths)) {
        const { times } = await load(short ? 30 : 200, 1, () => ask(server.address + path, party));
        const beside = peers.p50[peer];
        const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
        rows.push({ name: `${who}: ${name}, p50`, value: p50, unit: 'ms', ratio: p50 / beside });
        const limit = { name: 'p99', value: p99MsMax, met: p99 < p99MsMax };
        rows.push({ name: `${who}: ${name}, p99`, value: p99, unit: 'ms', limit });
      }
    }
    rows.push({ name: 'load of the machine as it ends', value: loadavg()[0] ?? 0, unit: '' });
    return rows;
  } finally {
    await database.close();
    await server.stop();
  }
}

/** What each party asks for; which peer it stands beside. */
async function pathsFor(
  address: string,
  party: Party,
  given: { readonly asked: SeededLists; readonly owner: string; readonly who: string },
) {
  const { common, some, rare } = given.asked;
  const list = (query: string) => ({
    path: `${coordinate.list.path}?limit=50${query}`,
    peer: 'page' as const,
  });
  const find = (q: string) => ({
    path: `${search.find.path}?q=${encodeURIComponent(q)}`,
    peer: 'trigrams' as const,
  });
  const page = await ask(address + list('').path, party);
  const { next } = coordinate.list.output.parse(JSON.parse(page));
  return {
    newest: list(''),
    'newest, a later page': list(next === null ? '' : `&after=${next}`),
    'last changed': list('&sort=changed'),
    'embargo ending': list('&sort=embargo-end'),
    overdue: list('&overdue=true'),
    'one stage, last changed': list('&stage=with-owner&sort=changed'),
    'waiting for the owner': list('&waiting=owner'),
    'a stage that waits for none such': list('&stage=published&waiting=owner'),
    'packages that begin so': list('&package=pkg:npm/4'),
    ...(given.who === 'coordinator' ? { 'of one owner': list(`&owner=${given.owner}`) } : {}),
    findings: { path: `${collect.list.path}?limit=50`, peer: 'page' as const },
    'list by a word': list(`&text=${rare}`),
    funnel: { path: coordinate.funnel.path, peer: 'count' as const },
    'search, a word of one title': find(rare),
    'search, mistyped': find(mistyped(rare)),
    'search, three letters': find(some.slice(0, 3)),
    'search, a word of every second title': find(common),
    'search, that word mistyped': find(mistyped(common)),
    'search, two words': find(`${common} ${some}`),
    'search, nothing': find('zzzyqx'),
  };
}

/** Two letters changed places, in the middle. */
function mistyped(word: string): string {
  const at = Math.floor(word.length / 2);
  return word.slice(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.slice(at + 1);
}

async function measurePeers(database: Database, asked: SeededLists, count: number) {
  await database.raw('create extension if not exists pg_trgm');
  await database.raw(`create table public.title as
    select id, 'Heap overflow ' || package || ' ' || version || ' ' || md5(id) as title
    from coordinate.room`);
  await database.raw('create index on public.title using gin (title gin_trgm_ops)');
  await database.raw('vacuum analyze public.title');
  const peers = {
    page: () =>
      database.raw('select * from coordinate.room order by opened_at desc, id desc limit 50'),
    count: () => database.raw('select stage, count(*) from coordinate.room group by stage'),
    trigrams: () =>
      database.raw(
        `select id from public.title where title %> $1 order by title <->> $1 limit 20`,
        [asked.rare],
      ),
  };
  const rows: Row[] = [];
  const p50 = { page: 0, count: 0, trigrams: 0 };
  for (const name of ['page', 'count', 'trigrams'] as const) {
    const { times } = await load(count, 1, peers[name]);
    p50[name] = quantile(times, 0.5);
    rows.push({ name: `peer: ${name}, bare SQL, p50`, value: p50[name], unit: 'ms' });
    rows.push({ name: `peer: ${name}, bare SQL, p99`, value: quantile(times, 0.99), unit: 'ms' });
  }
  return { rows, p50 };
}

async function ask(url: string, { key }: Pick<Party, 'key'>): Promise<string> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return text;
}

async function untilComplete(party: { readonly address: string; readonly key: string }) {
  for (;;) {
    const answer = await ask(`${party.address}${search.find.path}?q=zzzyqx`, party);
    if (search.find.output.parse(JSON.parse(answer)).complete) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
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
