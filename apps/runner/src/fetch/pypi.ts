import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '@breakwater/proof';
import type { Download } from './fetch-source.ts';
import { runTool } from './tool.ts';

// a wheel is fetched and not opened; --no-deps and wheels only, so that no code of it runs here
const careful = ['--no-deps', '--only-binary', ':all:', '--no-cache-dir', '--no-input'];
const anyPython = ['--ignore-requires-python', '--quiet'];

/** Downloads one wheel by the `pip` of the host, so that its index and proxy settings hold. */
export async function downloadWheel(
  source: Extract<Source, { kind: 'pypi' }>,
  folder: string,
  signal?: AbortSignal,
): Promise<Download> {
  const wanted = `${source.package}==${source.version}`;
  const choose = choiceOf(source.file);
  const download = ['download', ...careful, ...anyPython, ...choose, '--dest', folder, wanted];
  const run = await runTool(['/usr/bin/python3', '-m', 'pip', ...download], {
    cwd: folder,
    signal,
  });
  const file = join(folder, source.file);
  if (run.ok && existsSync(file)) return { file };
  return { problem: `pip download ${wanted}: ${run.problem || `no ${source.file} came`}` };
}

/**
 * What chooses this wheel among those of a release: nothing where it runs anywhere, else what the
 * end of its name says (PEP 427: python tag, ABI tag, platform tag).
 */
function choiceOf(file: string): string[] {
  const tags = file.slice(0, -'.whl'.length).split('-').slice(-3);
  const [python = '', abi = '', platform = ''] = tags;
  if (abi === 'none' && platform === 'any') return [];
  const version = python.replace(/^[a-z]+/, '');
  const runsOn = ['--python-version', version, '--implementation', python.slice(0, 2)];
  return [...runsOn, '--abi', abi, '--platform', platform];
}
