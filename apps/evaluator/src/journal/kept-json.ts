import { createHash } from 'node:crypto';
import { canonicalJson } from '@breakwater/kernel';
import type { BlobStore } from '@breakwater/runner';

/** Keeps a value as canonical JSON, so that equal values are kept once; answers its digest. */
export async function keepJson(blobs: BlobStore, value: unknown): Promise<string> {
  const writer = await blobs.write();
  // What comes out of JSON.stringify is JSON.
  await writer.add(canonicalJson(JSON.parse(JSON.stringify(value))));
  return await writer.finish();
}

/** null: there is none by this digest, or it is not what its name says. */
export async function keptJson(blobs: BlobStore, sha256: string): Promise<unknown> {
  const chunks = await blobs.read(sha256);
  if (chunks === null) return null;
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const bytes = Buffer.concat(parts);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return null;
  return JSON.parse(bytes.toString('utf8'));
}
