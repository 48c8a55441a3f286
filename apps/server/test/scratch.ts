import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';
/** Room for the databases of all workers, many times over; containers often give 64 MB. */
const roomMin = 2 * 1024 ** 3;

/**
 * Where tests keep databases of their own: in memory where the system offers a folder there with
 * room, because a database is a thousand small files; else where temporary files are.
 */
export const scratch = hasRoom(memory) ? memory : tmpdir();

function hasRoom(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= roomMin;
  } catch {
    return false;
  }
}
