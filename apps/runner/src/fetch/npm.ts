import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from '@breakwater/proof';
import type { Download } from './fetch-source.ts';
import { runTool } from './tool.ts';

/** Downloads one release by the `npm` of the host, so that its registry and proxy settings hold. */
export async function downloadNpm(
  source: Extract<Source, { kind: 'npm' }>,
  folder: string,
  signal?: AbortSignal,
): Promise<Download> {
  const wanted = `${source.package}@${source.version}`;
  const pack = ['pack', wanted, '--ignore-scripts', '--silent', '--pack-destination', folder];
  const run = await runTool(['npm', ...pack], { cwd: folder, signal });
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  if (run.ok && file !== undefined) return { file: join(folder, file) };
  return { problem: `npm pack ${wanted}: ${run.problem || 'no archive came'}` };
}
