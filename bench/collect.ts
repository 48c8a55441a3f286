import { collect, type FindingSubmission } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { type Engine, onEachEngine, openBeside } from './engines.ts';
import type { BenchOptions, Row } from './row.ts';
import { startServer } from './server.ts';
import { load, quantile } from './timing.ts';

/**
 * Findings handed in over HTTP, each answered when its case is known and everything is on disk. The
 * limit is the same engine committing one row at a time over one connection: a finding is some
 * thirty rows and three or four files with their keys, each fsynced, so it cannot come near.
 */
export async function run(options: BenchOptions): Promise<Row[]> {
  return (await onEachEngine((engine) => measure(engine, options))).flat();
}

async function measure(engine: Engine, { short }: BenchOptions): Promise<Row[]> {
  const count = short ? 24 : 200;
  const server = await startServer(engine);
  const database = openBeside(engine);
  try {
    await database.raw('create table public.one_row (n int)');
    const commit = () => database.raw('insert into public.one_row values (1)');
    const limit = (await load(count, 1, commit)).perSecond;
    const { client } = await server.party('finder');
    const rows: Row[] = [{ name: `${engine.name}: one-row commits`, value: limit, unit: '/s' }];
    for (const [kind, make] of Object.entries({ native, crash })) {
      for (const clients of [1, 8]) {
        const submitted = await load(count, clients, (n) =>
          client.call(collect.submit, { body: make(n + clients * count) }),
        );
        const name = `${engine.name}: ${kind} findings, ${clients} at once`;
        rows.push({
          name,
          value: submitted.perSecond,
          unit: '/s',
          limit: { name: 'one-row commits', value: limit },
          ratio: submitted.perSecond / limit,
        });
        rows.push({ name: `${name}, p99`, value: quantile(submitted.times, 0.99), unit: 'ms' });
      }
    }
    return rows;
  } finally {
    await database.close();
    await server.stop();
  }
}

/** Every second finding is one that is known already, as where many scan the same software. */
const bugOf = (n: number) => Math.floor(n / 2);

function native(n: number): FindingSubmission {
  return {
    kind: 'native',
    package: 'pkg:deb/debian/cjson',
    version: '1.7.15-1',
    marking: 'AMBER+STRICT',
    title: 'Overflow while parsing a number',
    description: 'A long number is copied into a buffer of 64 bytes. '.repeat(20),
    weakness: 'CWE-121',
    location: { path: 'cJSON.c', function: `parse_${bugOf(n)}` },
    identifiers: [],
  };
}

function crash(n: number): FindingSubmission {
  const frames = ['memcpy', `parse_number_${bugOf(n)}`, `parse_value_${bugOf(n)}`, 'main'];
  const stack = frames.map(
    (name, i) => `    #${i} 0x55d0${i} in ${name} /src/cJSON.c:${300 + i}:3`,
  );
  return {
    kind: 'crash',
    package: 'pkg:deb/debian/cjson',
    version: '1.7.15-1',
    marking: 'AMBER+STRICT',
    title: 'Crash while parsing a number',
    report: [
      '==1==ERROR: AddressSanitizer: stack-buffer-overflow on address 0x7ffc0 at pc 0x55d0',
      'WRITE of size 80 at 0x7ffc0 thread T0',
      ...stack,
      'SUMMARY: AddressSanitizer: stack-buffer-overflow /src/cJSON.c:301:3 in parse_number',
    ].join('\n'),
    input: toBase64(utf8(`{"n": ${'1'.repeat(80)}}`)),
  };
}
