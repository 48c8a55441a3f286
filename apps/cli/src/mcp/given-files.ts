import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { fromBase64 } from '@breakwater/kernel';
import { fileLimits, readStream, reasonOf } from '../files.ts';
import { Stop } from '../stop.ts';

/** One thing an agent gives: in its words, as base64, or as the name of a file. */
export interface GivenPart {
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
  readonly file?: string | undefined;
}

export interface GivenFiles {
  /** The bytes of what was given; a Stop where nothing was, or more than one thing. */
  one(what: string, part: GivenPart): Promise<Uint8Array>;
}

/**
 * Reads for an agent, and from `folder` alone: what stands elsewhere on this machine is not an
 * agent's to send. null: no file at all.
 */
export async function openGivenFiles(folder: string | null): Promise<GivenFiles> {
  const root = folder === null ? null : await realRoot(folder);
  return {
    async one(what, { text, base64, file }) {
      const given = [text, base64, file].filter((each) => each !== undefined);
      if (given.length !== 1) {
        throw new Stop({
          code: 'input-malformed',
          expected: `${what} once: in the call itself or as ${what}File`,
          got: given.length === 0 ? 'neither' : 'both',
          todo: `give ${what} or ${what}File`,
        });
      }
      if (text !== undefined) return new TextEncoder().encode(text);
      if (base64 !== undefined) return decoded(what, base64);
      return await readInside(root, file ?? '');
    },
  };
}

function decoded(what: string, base64: string): Uint8Array {
  const bytes = fromBase64(base64);
  if (bytes !== null) return bytes;
  throw new Stop({
    code: 'input-malformed',
    expected: `${what} as base64 (RFC 4648, 4), with its padding`,
    got: 'other text',
    todo: `encode its bytes, or give ${what}File`,
  });
}

async function realRoot(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    throw new Stop({
      code: 'folder-unreadable',
      expected: 'a folder that can be read',
      got: `${folder}: ${reasonOf(error)}`,
      todo: 'give another folder with --files, or none',
    });
  }
}

/** Looked at before it is opened and again once it is: a link put there in between gains nothing. */
async function readInside(root: string | null, name: string): Promise<Uint8Array> {
  const refusal = (got: string) =>
    new Stop({
      code: 'file-refused',
      expected: 'a file inside the folder that was opened with --files',
      got,
      todo: root === null ? 'give the content itself; no folder was opened' : 'give another path',
    });
  if (root === null) throw refusal(name);
  try {
    const inside = (real: string) => real.startsWith(root + path.sep);
    const real = await realpath(path.resolve(root, name));
    if (!inside(real)) throw refusal(name);
    // O_NONBLOCK: a pipe put there would be waited on for ever.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    await using file = await open(real, flags);
    if (!inside(await realpath(`/proc/self/fd/${file.fd}`))) throw refusal(name);
    if (!(await file.stat()).isFile()) throw refusal(`${name}: not a file`);
    return await readStream(file.createReadStream({ autoClose: false }), fileLimits.upload, name);
  } catch (error) {
    if (error instanceof Stop) throw error;
    throw refusal(`${name}: ${reasonOf(error)}`);
  }
}
