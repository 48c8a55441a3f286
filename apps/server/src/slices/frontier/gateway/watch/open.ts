import { randomBytes } from 'node:crypto';
import type { Database } from '../../../../platform/database/database.ts';
import { allCanaries } from './canary-store.ts';
import type { Places } from './places.ts';
import { createWatcher, type Watcher } from './watcher.ts';

export interface OpenWatch {
  readonly watcher: Watcher;
  /** Reads the canaries anew; done every ten seconds by whoever runs the process. */
  refresh(): Promise<void>;
}

/** The watch of one process of the gateway, with the canaries as they stand. */
export async function openWatch(
  database: Pick<Database, 'read'>,
  places: Places,
): Promise<OpenWatch> {
  const watcher = createWatcher({ places, seed: randomBytes(4).readInt32LE() });
  const refresh = async () => watcher.setCanaries(await database.read(allCanaries));
  await refresh();
  return { watcher, refresh };
}
