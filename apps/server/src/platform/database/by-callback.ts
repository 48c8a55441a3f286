import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

/**
 * A pool of connections as kysely takes it, whose driver is asked by callback. Of what a query makes
 * under the driver's own promises a part outlives it until a full collection, and each of these
 * holds up for tens of milliseconds whatever the process has in hand.
 */
export function byCallback(pool: pg.Pool): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client) ?? clientOf(client);
      clients.set(client, known);
      return known;
    },
    end: async () => await pool.end(),
  };
}

function clientOf(client: pg.PoolClient): PostgresPoolClient {
  function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(
    asked: string | PostgresCursor<R>,
    values: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof asked !== 'string')
      throw new TypeError('expected a query: no cursors are used here');
    return new Promise((resolve, reject) => {
      client.query(asked, [...values], (error: Error | null, result) => {
        // The driver's type knows of no commands; kysely's names those it asks for.
        if (error === null) resolve(result as unknown as PostgresQueryResult<R>);
        else reject(error);
      });
    });
  }
  return { query, release: (destroy) => client.release(destroy) };
}
