import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { ok, type Result, refuse } from '@breakwater/kernel';

/**
 * Reads a text that says where secrets go: it has to be the caller's own plain file, which nobody
 * else can write, and no link. One that is longer than `bytesMax` reads as empty.
 */
export async function readOwnText(
  place: string,
  bytesMax: number,
): Promise<Result<string, 'file-missing' | 'file-of-others'>> {
  try {
    const plain = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    await using file = await open(place, plain);
    const { size, uid, mode } = await file.stat();
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return ofOthers(place);
    return ok(size > bytesMax ? '' : await file.readFile('utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ELOOP') return ofOthers(place);
    if (code !== 'ENOENT') throw error;
    const expected = `a ${path.basename(place)}`;
    const todo = 'name the folder of a run';
    return refuse({ code: 'file-missing', expected, got: path.dirname(place), todo });
  }
}

function ofOthers(place: string) {
  return refuse({
    code: 'file-of-others',
    expected: 'a plain file of your own that nobody else can write',
    got: place,
    todo: 'see what it asks for, copy it, and take the right to write it from others',
  });
}
