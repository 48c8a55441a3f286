/**
 * The database does not answer: it is stopped, starting, or out of reach. Nothing is known to be
 * changed; the same command with the same key is safe to send again.
 */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';
  constructor(cause: unknown) {
    super('the database does not answer', { cause });
  }
}

/** Connection exceptions, too many connections, shutting down or starting (appendix A). */
const states = /^(?:08\w{3}|53300|57P0[123])$/;
const systemCodes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
]);
/** What the client says itself, without a code. */
const words =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed)/;

/** An error of the database's client, as `DatabaseAway` where that is what it means. */
export function awayOr(error: unknown): unknown {
  return means(error) ? new DatabaseAway(error) : error;
}

function means(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof DatabaseAway) return false;
  const code = 'code' in error ? String(error.code) : '';
  return states.test(code) || systemCodes.has(code) || words.test(error.message);
}
