import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Download } from './fetch-source.ts';

const archiveBytesMax = 512 * 1024 * 1024;
const downloadTimeoutMs = 180_000;

/** Downloads an archive over https, at most 512 MiB in three minutes. */
export async function downloadTarball(
  url: string,
  folder: string,
  signal?: AbortSignal,
): Promise<Download> {
  const deadline = AbortSignal.timeout(downloadTimeoutMs);
  const file = join(folder, 'archive');
  try {
    const response = await fetch(url, {
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    if (!response.ok || response.body === null) {
      return { problem: `${url} answered ${response.status}` };
    }
    if (!response.url.startsWith('https://')) return { problem: `${url} led away from https` };
    await pipeline(response.body, capped(), createWriteStream(file));
    return { file };
  } catch (error) {
    return { problem: `${url}: ${error instanceof Error ? error.message : 'failed'}` };
  }
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
