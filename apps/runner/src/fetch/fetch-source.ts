import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Source } from '@breakwater/proof';
import { downloadDebian } from './debian.ts';
import { downloadGit } from './git.ts';
import { downloadGoModule } from './go-module.ts';
import { downloadNpm } from './npm.ts';
import { leadsInside } from './open-net.ts';
import { downloadWheel } from './pypi.ts';
import type { CachedSource, SourceCache } from './source-cache.ts';
import { downloadTarball } from './tarball.ts';

export type FetchRefusal = 'source-unavailable' | 'source-digest-mismatch';

/** What a downloader brings: a file in the folder it was given, or a phrase why not. */
export type Download = { readonly file: string } | { readonly problem: string };

/**
 * Brings a source archive by its pin: from the cache when it is there, else by the ordinary
 * client of where it lives. This is the trusted side: nothing of the archive is opened here.
 * Rejects with the signal's reason when aborted.
 */
export async function fetchSource(
  source: Source,
  cache: SourceCache,
  signal?: AbortSignal,
): Promise<Result<CachedSource, FetchRefusal>> {
  const cached = await cache.find(source);
  if (cached !== null) return ok(cached);
  signal?.throwIfAborted();
  const inside = await whereInside(source);
  if (inside !== null) return unavailable(source, inside);
  const folder = await cache.incoming();
  try {
    const download = await downloadTo(folder, source, signal);
    signal?.throwIfAborted();
    if ('problem' in download) return unavailable(source, download.problem);
    const admitted = await cache.admit(source, download.file);
    return admitted.source === null ? mismatch(source, admitted.found) : ok(admitted.source);
  } finally {
    await cache.discard(folder);
  }
}

/** A recipe names the address; what stands behind this machine is not asked for it. */
async function whereInside(source: Source): Promise<string | null> {
  if (source.kind !== 'tarball' && source.kind !== 'git') return null;
  const url = new URL(source.url);
  return (await leadsInside(url)) ? `${url.host} is not on the open net` : null;
}

function downloadTo(folder: string, source: Source, signal?: AbortSignal): Promise<Download> {
  switch (source.kind) {
    case 'npm':
      return downloadNpm(source, folder, signal);
    case 'debian':
      return downloadDebian(source, folder, signal);
    case 'tarball':
      return downloadTarball(source.url, folder, signal);
    case 'git':
      return downloadGit(source, folder, signal);
    case 'pypi':
      return downloadWheel(source, folder, signal);
    case 'go':
      return downloadGoModule(source, folder, signal);
  }
}

/** The source as a person would name it. */
function titleOf(source: Source): string {
  switch (source.kind) {
    case 'npm':
      return `npm package ${source.package}@${source.version}`;
    case 'debian':
      return `Debian file ${source.file}`;
    case 'tarball':
      return source.url;
    case 'git':
      return `${source.url} at ${source.commit}`;
    case 'pypi':
      return `PyPI file ${source.file}`;
    case 'go':
      return `Go module ${source.module}@${source.version}`;
  }
}

function unavailable(source: Source, problem: string) {
  return refuse({
    code: 'source-unavailable' as const,
    expected: `to fetch ${titleOf(source)}`,
    got: problem,
    todo: 'check the network and the mirror, or put the archive into the source cache by hand',
  });
}

function mismatch(source: Source, found: string) {
  return refuse({
    code: 'source-digest-mismatch' as const,
    expected: `${titleOf(source)} with the digest the recipe pins`,
    got: found,
    todo: 'do not use this mirror; if upstream replaced the file, review it and pin it anew',
  });
}
