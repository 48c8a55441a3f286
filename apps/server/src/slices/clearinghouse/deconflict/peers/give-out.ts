import type { RecordFile } from '@breakwater/contract';
import { type InterchangeRecord, recordPath, writeRecord } from '@breakwater/formats/interchange';
import { parseTarget, type RepositoryTarget } from '@breakwater/scope';
import { z } from 'zod';
import type { Services } from '../../../../services.ts';
import { saidIn } from '../wishes/said.ts';
import { ownStatements, type WishesRow } from '../wishes/store.ts';

/** Statements that one feed is made of. */
const statementsMax = 10_000;

/**
 * DCF-62: what owners said here of whole repositories, as records for others: opt-outs, and routes
 * of those that did not opt out. Nothing that came from another feed goes out again.
 */
export async function recordsToGive(services: Services): Promise<readonly RecordFile[]> {
  const rows = await services.database.read((r) => ownStatements(r, statementsMax));
  const optedOut = new Set(rows.flatMap((row) => (row.opted_out_at === null ? [] : [row.lineage])));
  const files = new Map<string, RecordFile['record']>();
  for (const row of rows) {
    const repository = wholeRepository(row);
    if (repository === null) continue;
    const record = await recordOf(services, row, { repository, optedOut });
    if (record !== null)
      files.set(recordPath(record), z.record(z.string(), z.unknown()).parse(writeRecord(record)));
  }
  return [...files].map(([path, record]) => ({ path, record })).toSorted(byPath);
}

async function recordOf(
  { content }: Services,
  row: WishesRow,
  of: { readonly repository: string; readonly optedOut: ReadonlySet<string> },
): Promise<InterchangeRecord | null> {
  const { repository, optedOut } = of;
  const said = await saidIn(content, row.said_content);
  if (row.opted_out_at !== null) {
    const reason = said?.optOut ?? null;
    return { kind: 'optout', repository, requestedAt: row.opted_out_at, reason };
  }
  // A route of what opted out works against it, whoever said the one and whoever the other.
  if (optedOut.has(row.lineage)) return null;
  const reachable = said?.channels.find(({ kind }) => kind === 'mail' || kind === 'web');
  const channel = reachable?.address ?? said?.policies[0] ?? null;
  return channel === null ? null : { kind: 'route', repository, channel, verifiedAt: row.at };
}

/** The address of a repository that a statement is about as a whole; null: it is about another. */
function wholeRepository({ target }: WishesRow): string | null {
  const parsed = parseTarget(target);
  if (!parsed.ok || parsed.value.kind !== 'repository') return null;
  const { host, project, every, path }: RepositoryTarget = parsed.value;
  return every || path !== '' ? null : `https://${host}/${project}`;
}

function byPath(a: RecordFile, b: RecordFile): number {
  return a.path < b.path ? -1 : 1;
}
