import type { Kysely, RawBuilder } from 'kysely';
import pg from 'pg';

/** Asks what is asked often. */
export interface KeptPlans {
  /** The rows, or null where the query must be asked as any other; rejects as the driver does. */
  rows<R>(query: RawBuilder<R>): Promise<readonly R[]> | null;
  close(): Promise<void>;
}

const namesMax = 100;
const connectionsMax = 4;

/**
 * Connections of their own for queries whose text never changes, on PostgreSQL. Each keeps one plan
 * for each of them, good for any values (PostgreSQL 20.7.4): planning anew would take longer than
 * most of them take.
 */
export function openKeptPlans(kysely: Kysely<unknown>, config: pg.PoolConfig): KeptPlans {
  const pool = new pg.Pool({ ...config, max: connectionsMax, pipeline: true, onConnect: keepOne });
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  const names = new Map<string, string>();
  const ask = createBatch(pool);

  return {
    rows<R>(query: RawBuilder<R>) {
      const { sql: text, parameters } = query.compile(kysely);
      // Each connection keeps each of them; a text that changes after all must not fill it.
      if (!names.has(text) && names.size >= namesMax) return null;
      const name = names.get(text) ?? `often_${names.size}`;
      names.set(text, name);
      // The pool's rows are the query's, as kysely's are; its type knows nothing of either.
      return ask({ name, text, values: [...parameters] }).then(({ rows }) => rows as R[]);
    },
    close: async () => {
      if (!pool.ending) await pool.end();
    },
  };
}

function keepOne(client: pg.ClientBase): unknown {
  return client.query(
    'set enable_seqscan = off; set jit = off; set plan_cache_mode = force_generic_plan',
  );
}

interface Asked {
  readonly config: pg.QueryConfig;
  readonly done: PromiseWithResolvers<pg.QueryResult>;
}

/**
 * What is asked in one turn of the event loop goes out in one write and is answered in its order:
 * waking the engine takes longer than most of these queries. One that fails leaves the others be.
 * By callback: with the driver's promises a sixth of all that a query made outlived it, and was
 * copied by the collector.
 */
function createBatch(pool: pg.Pool): (config: pg.QueryConfig) => Promise<pg.QueryResult> {
  let waiting: Asked[] = [];

  async function send(): Promise<void> {
    const batch = waiting;
    waiting = [];
    const client = await pool.connect().catch((error: unknown) => {
      for (const { done } of batch) done.reject(error);
      return null;
    });
    if (client === null) return;
    const { stream } = client.connection;
    stream.cork();
    let open = batch.length;
    let failed = false;
    for (const { config, done } of batch) {
      client.query(config, (error: Error | null, result: pg.QueryResult) => {
        failed ||= error !== null;
        open -= 1;
        if (open === 0) client.release(failed);
        if (error === null) done.resolve(result);
        else done.reject(error);
      });
    }
    stream.uncork();
  }

  return async (config) => {
    const done = Promise.withResolvers<pg.QueryResult>();
    waiting.push({ config, done });
    // After everything that this turn still asks.
    if (waiting.length === 1) process.nextTick(() => void send());
    return await done.promise;
  };
}
