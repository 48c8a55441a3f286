import { describe, expect, test } from 'vitest';
import { findPostgres } from '../../tools/postgres.ts';
import { auditWire } from './gateway-wire-audit.ts';
import { liesAbout } from './gateway-wire-lies.ts';
import { mutants } from './gateway-wire-mutants.ts';
import type { Size } from './gateway-wire-plan.ts';
import { play } from './gateway-wire-play.ts';
import { auditRecord } from './gateway-wire-record.ts';
import type { Seen } from './gateway-wire-seen.ts';
import { inWorld } from './gateway-wire-world.ts';

// The gateway over its real wire: three processes beside a server on PostgreSQL, endpoints that
// fail, callers that leave; processes are killed, the database goes away and comes back, and clocks
// are set. Then callers, endpoints and record are held against each other.

const long = process.env['BREAKWATER_LONG'] === '1';
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
const first = Number(process.env['BREAKWATER_SEED'] ?? '1');
const seeds = long ? [first, first + 1, first + 2] : [first];

const small = (seed: number): Size => ({
  ...{ seed, streams: 48, calls: 1_200, minutes: 1, holdMs: 150, kills: 3 },
  awaysMs: [600],
});
const large = (seed: number): Size => ({
  ...{ seed, streams: 1_000, calls: 24_000, minutes: 2, holdMs: 2_500, kills: 14 },
  awaysMs: [600, 2_500, 7_000],
});
const sizeOf = long ? large : small;

describe('the gateway’s own wire', { timeout: long ? 1_800_000 : 480_000 }, () => {
  test.for(seeds)(
    `GAT-30 GAT-31 ${sizeOf(0).streams} streams, ${sizeOf(0).kills} kills (seed %i): nothing is overspent or lost, and every refusal is right`,
    async (seed, { skip }) => {
      const found = findPostgres();
      if ('missing' in found) skip(found.missing);
      skip(!onPostgres && !long, 'done in the run on PostgreSQL');
      const size = sizeOf(seed);
      await inWorld({ size }, async (world) => {
        const seen = await play(world, size);
        tell(seen);
        expect(auditWire(seen)).toEqual({});
        expect(await auditRecord(world)).toEqual([]);
        // Faults that are put into the code do this in the long form.
        for (const lie of long ? [] : liesAbout(seen)) {
          expect(Object.keys(auditWire(lie.seen)), lie.name).toContain(lie.found);
        }
        const lost = seen.rows.filter(({ figures }) => figures === 'lost');
        expect(seen.rows.length).toBeGreaterThan(size.calls / 4);
        expect(lost.length).toBeGreaterThan(0);
      });
    },
  );

  describe.runIf(long)('a fault in it is found', { timeout: 300_000 }, () => {
    test.for(mutants)('$name', async ({ changes, finds }) => {
      const found = findPostgres();
      expect(found).not.toHaveProperty('missing');
      const size = small(first);
      const seen = await inWorld({ size, mutant: JSON.stringify(changes) }, (world) =>
        play(world, size),
      );
      expect(Object.keys(auditWire(seen))).toContain(finds);
    });
  });
});

/** What was played, in a line. */
function tell({ calls, served, rows, processes, disturbed }: Seen): void {
  const count = (all: readonly (string | number | null | undefined)[]) =>
    Object.fromEntries(
      [...Map.groupBy(all, String)].map(([name, each]) => [name, each.length] as const),
    );
  const told = {
    calls: calls.length,
    ends: count(calls.map(({ end }) => end)),
    answers: count(calls.map(({ status, refused }) => refused?.code ?? status)),
    served: count(served.map(({ end }) => end)),
    settled: count(rows.map(({ figures }) => figures)),
    processes: processes.length,
    disturbed: count(disturbed.map(({ what }) => what)),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
