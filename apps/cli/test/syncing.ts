import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCli } from './run-cli.ts';
import { zipOf } from './zip.ts';

/** A folder of one test, with what `breakwater sync` keeps in it. */
export interface Syncing extends AsyncDisposable {
  readonly folder: string;
  /** Where the command keeps what it fetched. */
  readonly kept: string;
  written(name: string, data: string | Uint8Array): Promise<string>;
  sync(osv: string, ...more: string[]): Promise<Synced>;
}

type Synced = Awaited<ReturnType<typeof runSync>>;

export async function startSyncing(): Promise<Syncing> {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-sync-'));
  const kept = path.join(folder, 'kept');
  return {
    folder,
    kept,
    async written(name, data) {
      const file = path.join(folder, name);
      await writeFile(file, data);
      return file;
    },
    sync: (osv, ...more) => runSync(kept, osv, more),
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true }),
  };
}

async function runSync(kept: string, osv: string, more: readonly string[]) {
  const run = await runCli(['sync', '--only', 'osv', '--osv', `npm=${osv}`, '--json', ...more], {
    localDirectory: kept,
  });
  const answer = run.json() as { sets?: { outcome: string; kept?: object; refusal?: object }[] }; // the shape under test
  return { ...run, set: answer.sets?.[0], refusal: (answer as { refusal?: object }).refusal };
}

/** A record of OSV. */
export function record(n: number, name = `package-${n}`) {
  return {
    id: `GHSA-xxxx-xxxx-${String(n).padStart(4, '2').replaceAll(/[01]/g, 'c')}`,
    modified: '2026-11-01T00:00:00Z',
    aliases: [`CVE-2026-${10_000 + n}`],
    summary: `Something in ${name}`,
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
      },
    ],
  };
}

export function records(count: number) {
  return Array.from({ length: count }, (_, n) => record(n + 22_222));
}

/** Records as OSV publishes them. */
export function zipped(list: readonly object[]): Uint8Array {
  return zipOf(list.map((r, n) => ({ name: `R-${n}.json`, data: JSON.stringify(r) })));
}
