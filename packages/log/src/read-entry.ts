import type { Result } from '@breakwater/kernel';
import { ok, refuse } from '@breakwater/kernel';
import type { Checkpoint } from './checkpoint.ts';
import type { Proof } from './proof.ts';
import { checkInclusion, inclusionProof } from './proof.ts';
import type { FetchFile } from './tile.ts';
import { fetchBundle, tileAt, tileReader, tileWidth } from './tile.ts';
import type { ReadCode } from './tree.ts';
import { leafHash } from './tree.ts';

/** An entry read from a log's files, with the proof that it is under the checkpoint's root. */
export interface ProvenEntry {
  readonly entry: Uint8Array;
  readonly proof: Proof;
}

/**
 * Reads entry `index` from the files of a log and checks it against `checkpoint`, which the
 * caller has opened. Refuses with `tile-missing`, `malformed` or `entry-changed` (what was read
 * does not lead to the root). Throws RangeError for an index outside the checkpoint's size.
 */
export async function readEntry(
  index: number,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
  fetchFile: FetchFile,
): Promise<Result<ProvenEntry, ReadCode | 'entry-changed'>> {
  const name = tileAt(size, 'entries', Math.floor(index / tileWidth));
  if (name === null || index < 0) throw new RangeError(`no entry ${index} in size ${size}`);
  const proof = await inclusionProof({ index, size, read: tileReader(size, fetchFile) });
  if (!proof.ok) return proof;
  const bundle = await fetchBundle(name, fetchFile);
  if (!bundle.ok) return bundle;
  const entry = bundle.value[index % tileWidth];
  if (entry !== undefined) {
    const claim = { leaf: leafHash(entry), index, size, proof: proof.value, root };
    if (checkInclusion(claim)) return ok({ entry, proof: proof.value });
  }
  return refuse({
    code: 'entry-changed',
    expected: `an entry ${index} that leads to the signed root of size ${size}`,
    got: 'files that lead elsewhere',
    todo: 'run the log check, which names the file that is wrong',
  });
}
