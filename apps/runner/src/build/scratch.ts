import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Longer than any job may last, so that what is older was left by a process that was killed. */
const abandonedAfterMs = 6 * 60 * 60 * 1000;

/**
 * A private folder for the time of one piece of work. It lies in the cache and not in the host's
 * temporary folder, so that embargoed inputs stay where the rest of our data is.
 */
export async function inScratch<T>(
  cacheDir: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(join(cacheDir, 'work'), { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(cacheDir, 'work', 'job-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what killed processes left in the cache half-done. */
export async function sweepAbandoned(cacheDir: string): Promise<void> {
  const oldest = Date.now() - abandonedAfterMs;
  const places = [
    ['work', 'job-'],
    ['sources', '.incoming-'],
    ['builds', '.incoming-'],
    ['builds', '.evicted-'],
  ] as const;
  for (const [place, prefix] of places) {
    const names = await readdir(join(cacheDir, place)).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(prefix))) {
      const path = join(cacheDir, place, name);
      const status = await stat(path).catch(() => null);
      if (status === null || status.mtimeMs > oldest) continue;
      await rm(path, { recursive: true, force: true });
    }
  }
}
