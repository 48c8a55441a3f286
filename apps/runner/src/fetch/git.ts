import { join } from 'node:path';
import type { Source } from '@breakwater/proof';
import type { Download } from './fetch-source.ts';
import { runTool } from './tool.ts';

// only https, no credentials asked for, every object checked on arrival, no hooks, no submodules
const careful = [
  ...['-c', 'protocol.allow=never', '-c', 'protocol.https.allow=always'],
  ...['-c', 'transfer.fsckObjects=true', '-c', 'core.hooksPath=/dev/null'],
  // what the address leads to was looked at; where it would send us on was not
  ...['-c', 'http.followRedirects=false'],
  ...['-c', 'core.askPass=/bin/false', '-c', 'credential.helper='],
];

/** Fetches exactly one commit and writes its tree as a tar archive. */
export async function downloadGit(
  source: Extract<Source, { kind: 'git' }>,
  folder: string,
  signal?: AbortSignal,
): Promise<Download> {
  const repository = join(folder, 'repository.git');
  const file = join(folder, 'archive');
  const format = source.commit.length === 64 ? 'sha256' : 'sha1';
  const steps: string[][] = [
    ['init', '--quiet', '--bare', `--object-format=${format}`, repository],
    ['-C', repository, 'fetch', '--quiet', '--depth=1', '--no-tags', source.url, source.commit],
    // the leading folder makes it like every other archive: strip 1 removes it
    ['-C', repository, 'archive', '--prefix=source/', '--output', file, source.commit],
  ];
  for (const step of steps) {
    const run = await runTool(['git', ...careful, ...step], { cwd: folder, signal });
    if (!run.ok) return { problem: `git ${step[2] ?? ''}: ${run.problem}` };
  }
  return { file };
}
