import type { RecordFile } from '@breakwater/contract';
import { type InterchangeRecord, recordPath, writeRecord } from '@breakwater/formats/interchange';
import type { Instant } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import { z } from 'zod';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { saidIn } from '../wishes/said.ts';
import { ownStatements, type WishesRow } from '../wishes/store.ts';
import { addressOf, commitAt, repositoryOf } from './repository.ts';

/** Statements, and certificates, that one feed is made of. */
const statementsMax = 10_000;
const fixesMax = 10_000;

/** A public advisory whose fix was verified here. */
export interface HeldFix {
  readonly id: string;
  readonly aliases: readonly string[];
  /** Package URLs of what it affects. */
  readonly packages: readonly string[];
  /** Addresses of what mended it, such as a commit. */
  readonly fixes: readonly string[];
  readonly verifiedAt: Instant;
}

/** What records are made of beside wishes; bound in slices/index.ts. */
export interface GiveOutNeeds {
  /** Public advisories with a patch that was verified, the newest first. */
  heldFixes(reader: Reader, limit: number): Promise<readonly HeldFix[]>;
}

/**
 * DCF-62, DCF-63: what owners said here of whole repositories, as records for others: opt-outs, and
 * of those that did not opt out routes, and certificates of fixes that were verified. Nothing that
 * came from another feed goes out again.
 */
export async function recordsToGive(
  services: Services,
  needs: GiveOutNeeds,
): Promise<readonly RecordFile[]> {
  const rows = await services.database.read((r) => ownStatements(r, statementsMax));
  const optedOut = new Set(rows.flatMap((row) => (row.opted_out_at === null ? [] : [row.lineage])));
  const files = new Map<string, RecordFile['record']>();
  const put = (record: InterchangeRecord) =>
    void files.set(
      recordPath(record),
      z.record(z.string(), z.unknown()).parse(writeRecord(record)),
    );
  for (const row of rows) {
    const repository = wholeRepository(row);
    if (repository === null) continue;
    const record = await recordOf(services, row, { repository, optedOut });
    if (record !== null) put(record);
  }
  const { url } = services.site();
  for (const fix of await services.database.read((r) => needs.heldFixes(r, fixesMax))) {
    for (const record of certificatesOf(fix, { url, optedOut })) put(record);
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

/** One for each repository that a fix is in; none for what opted out. */
function certificatesOf(
  fix: HeldFix,
  { url, optedOut }: { readonly url: string; readonly optedOut: ReadonlySet<string> },
): readonly InterchangeRecord[] {
  const commits = new Map<string, string | null>();
  for (const purl of fix.packages) {
    const repository = repositoryOf(purl);
    if (repository !== null) commits.set(repository, null);
  }
  for (const address of fix.fixes) {
    const commit = commitAt(address);
    if (commit !== null) commits.set(commit.repository, commit.commit);
  }
  return [...commits]
    .filter(([repository]) => !optedOut.has(lineageOf(repository)))
    .map(([repository, commit]) => ({
      kind: 'certificate',
      repository,
      advisory: fix.aliases.find((id) => /^(?:CVE|GHSA)-/.test(id)) ?? fix.id,
      advisoryUrl: `${url}/v1/advisories/${fix.id}`,
      status: 'fixed',
      commit,
      auditedAt: fix.verifiedAt,
    }));
}

function lineageOf(repository: string): string {
  const target = parseTarget({ kind: 'repository', text: repository });
  return target.ok ? target.value.lineage : '';
}

/** The address of a repository that a statement is about as a whole; null: it is about another. */
function wholeRepository({ target }: WishesRow): string | null {
  const parsed = parseTarget(target);
  if (!parsed.ok || parsed.value.kind !== 'repository' || parsed.value.path !== '') return null;
  return addressOf(parsed.value);
}

function byPath(a: RecordFile, b: RecordFile): number {
  return a.path < b.path ? -1 : 1;
}
