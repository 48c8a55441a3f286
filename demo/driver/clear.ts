import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';

/** Fetched sources and builds; kept, since they are the same in every demo. */
const kept = 'cache';
/** Says that a folder is a demo's, so that a mistyped `--data` costs nobody a real installation. */
const mark = 'demo-is-emptied-each-time';

/**
 * Makes `folder` ready for a demo: empties an earlier one, apart from its cache. True when there
 * was anything to clear. Throws, and removes nothing, where a server runs on the folder, or where
 * it holds something and no demo made it; `own` says that it can only be a demo's.
 */
export async function clearEarlierDemo(folder: string, own: boolean): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  if (names.length > 0 && !own && !names.includes(mark)) {
    throw new Error(
      `${folder} holds something that no demo made, and a demo empties its folder; name a new one with --data`,
    );
  }
  if (await listens(path.join(folder, 'admin.sock'))) {
    throw new Error(`a server runs on ${folder}; stop it, or name another folder with --data`);
  }
  await writeFile(path.join(folder, mark), '');
  const earlier = names.filter((name) => name !== kept && name !== mark);
  for (const name of earlier) await rm(path.join(folder, name), { recursive: true, force: true });
  return earlier.length > 0;
}

function listens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = connect(socket);
    attempt.once('connect', () => {
      attempt.destroy();
      resolve(true);
    });
    attempt.once('error', () => resolve(false));
  });
}
