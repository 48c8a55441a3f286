import { z } from 'zod';
import { type Database, type Matcher, type Matches, spell } from './matcher.ts';
import { goProgram, type Peer } from './packages.ts';
import { runWhole, scanned } from './run-whole.ts';

/** Built with Go 1.26.1 or later. */
const pinned = 'v2.3.5';

export async function findOsvScanner(): Promise<Peer> {
  return await goProgram('github.com/google/osv-scanner/v2/cmd/osv-scanner', pinned);
}

const Output = z.object({
  results: z
    .array(
      z.object({
        packages: z.array(
          z.object({
            package: z.object({ name: z.string(), version: z.string(), ecosystem: z.string() }),
            vulnerabilities: z.array(z.object({ id: z.string() })).optional(),
          }),
        ),
      }),
    )
    .nullable(),
});

/** Its local databases are the zip files that osv.dev offers, one for each ecosystem. */
export function osvScanner(command: string, { zips }: Database): Matcher {
  const words = ['scan', 'source', '--offline', '--local-db-path', zips, '--format', 'json'];
  const ends = { ends: scanned };
  return {
    match: async (file) => {
      const more = ['--all-vulns', '--no-resolve', '--verbosity', 'error', '--lockfile', file];
      const { out, ms } = await runWhole(command, [...words, ...more], ends);
      return { ms, ...matchesIn(out) };
    },
    // Apart from the measured run, since naming every package costs time.
    components: async (file) => {
      const all = ['--all-packages', '--no-resolve', '--lockfile', file];
      const { out } = await runWhole(command, [...words, ...all], ends);
      return matchesIn(out).components;
    },
  };
}

function matchesIn(out: string): Pick<Matches, 'matches'> & { components: ReadonlySet<string> } {
  const { results } = Output.parse(JSON.parse(out));
  const packages = (results ?? []).flatMap((source) => source.packages);
  return {
    components: new Set(packages.map((one) => spell(one.package))),
    matches: new Set(
      packages.flatMap((one) =>
        (one.vulnerabilities ?? []).map(({ id }) => `${id} ${spell(one.package)}`),
      ),
    ),
  };
}
