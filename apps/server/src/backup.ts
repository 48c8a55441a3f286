import { stream } from 'hono/streaming';
import type { App } from './http.ts';
import type { Database } from './platform/database/database.ts';
import { erasuresIn, holdingStill } from './platform/database/hold.ts';

/** Copying takes a second for some hundred megabytes; nobody holds everybody up for longer. */
const holdMaxMs = 10 * 60 * 1_000;

/**
 * What a backup of a running server asks of it, on the local socket alone: to hold the embedded
 * database still until the caller has copied its files and leaves, and what was erased.
 */
export function serveBackup(app: App, database: Database): void {
  app.post('/admin/backup/hold', (c) => {
    if (c.env?.administrator !== true || database.engine !== 'embedded') return c.notFound();
    return stream(c, async (out) => {
      await holdingStill(database, async () => {
        const left = new Promise<void>((resolve) => out.onAbort(resolve));
        await out.write('held\n');
        const timer = Promise.withResolvers<void>();
        const timeout = setTimeout(timer.resolve, holdMaxMs);
        await Promise.race([left, timer.promise]);
        clearTimeout(timeout);
      });
    });
  });
  app.get('/admin/backup/erasures', async (c) =>
    c.env?.administrator === true ? c.json(await erasuresIn(database)) : c.notFound(),
  );
}
