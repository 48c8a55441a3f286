import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '@breakwater/proof';
import type { Download } from './fetch-source.ts';
import { downloadTarball } from './tarball.ts';
import { runTool } from './tool.ts';

const aptHelper = '/usr/lib/apt/apt-helper';
const publicMirrors = ['http://deb.debian.org/debian/', 'http://deb.debian.org/debian-security/'];
const mirrorsMax = 8;

/**
 * Downloads a file of Debian's pool through apt, so that the host's mirrors and proxies hold.
 *
 * apt's helper needs neither root nor `deb-src` lines and leaves no trace in apt's state. On a
 * host without apt the public mirror is asked over https; the pin protects either way.
 */
export async function downloadDebian(
  source: Extract<Source, { kind: 'debian' }>,
  folder: string,
  signal?: AbortSignal,
): Promise<Download> {
  if (!existsSync(aptHelper)) {
    const url = `https://deb.debian.org/debian/${poolPath(source)}`;
    return downloadTarball(url, folder, signal);
  }
  const file = join(folder, 'archive');
  const problems = [];
  for (const mirror of await mirrors(folder, signal)) {
    const address = `${mirror}${poolPath(source, mirror.endsWith('-security/') ? 'updates/' : '')}`;
    const run = await runTool([aptHelper, 'download-file', address, file], { cwd: folder, signal });
    if (run.ok) return { file };
    problems.push(`${mirror}: ${run.problem.split('\n').find((l) => l.startsWith('E:')) ?? ''}`);
  }
  return { problem: problems.join('; ').slice(0, 1000) };
}

/**
 * Where the pool keeps a file (Debian Repository Format, pool structure). The security archive
 * has one more level, `updates/`.
 */
export function poolPath(source: Extract<Source, { kind: 'debian' }>, level = ''): string {
  const { component, file, package: name } = source;
  const prefix = name.startsWith('lib') ? name.slice(0, 4) : name.slice(0, 1);
  return `pool/${level}${component}/${prefix}/${name}/${file}`;
}

/** The mirrors apt is set up with that look like Debian's, then the public ones. */
async function mirrors(folder: string, signal?: AbortSignal): Promise<string[]> {
  const targets = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const run = await runTool(['apt-get', ...targets], { cwd: folder, signal });
  const configured = run.stdout.split('\n').filter((uri) => /debian(-security)?\/$/.test(uri));
  return [...new Set([...configured, ...publicMirrors])].slice(0, mirrorsMax);
}
