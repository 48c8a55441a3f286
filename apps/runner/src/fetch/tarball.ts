import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Download } from './fetch-source.ts';
import { leadsInside } from './open-net.ts';

const archiveBytesMax = 512 * 1024 * 1024;
const downloadTimeoutMs = 180_000;
const redirectsMax = 5;

/** Downloads an archive over https, at most 512 MiB in three minutes. */
export async function downloadTarball(
  url: string,
  folder: string,
  signal?: AbortSignal,
): Promise<Download> {
  const deadline = AbortSignal.timeout(downloadTimeoutMs);
  const file = join(folder, 'archive');
  try {
    const until = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const response = await follow(url, until);
    if (response === null)
      return { problem: `${url} led away from https, off the open net, or too often elsewhere` };
    if (!response.ok || response.body === null) {
      return { problem: `${url} answered ${response.status}` };
    }
    await pipeline(response.body, capped(), createWriteStream(file));
    return { file };
  } catch (error) {
    return { problem: `${url}: ${error instanceof Error ? error.message : 'failed'}` };
  }
}

/** Follows redirects itself: each step is looked at before anything is sent there. */
async function follow(url: string, signal: AbortSignal): Promise<Response | null> {
  let next = url;
  for (let steps = 0; steps <= redirectsMax; steps++) {
    if (!next.startsWith('https://') || (await leadsInside(new URL(next)))) return null;
    const response = await fetch(next, { signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    next = new URL(location, next).href;
  }
  return null;
}

function capped(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > archiveBytesMax) done(new Error(`more than ${archiveBytesMax} bytes`));
      else done(null, chunk);
    },
  });
}
