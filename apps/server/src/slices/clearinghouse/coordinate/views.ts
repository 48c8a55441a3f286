import type { Case } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Services } from '../../../services.ts';
import { type ListedRoom, placedRooms } from './list/store.ts';
import { embargoOf, stageOf } from './store.ts';

/** What showing a case asks of other slices; bound in slices/index.ts. */
export interface CaseNeeds {
  /** The reader's own newest finding in each case, for whoever may know no other. */
  ownFindings(
    reader: Reader,
    cases: readonly string[],
    actor: Actor,
  ): Promise<ReadonlyMap<string, OwnFinding>>;
  /** How many findings of each case the reader may see. */
  countFindings(
    reader: Reader,
    cases: readonly string[],
    actor: Actor,
  ): Promise<ReadonlyMap<string, number>>;
  /** The report that brought the first finding of each case, where one did. */
  reportsOf(reader: Reader, cases: readonly string[]): Promise<ReadonlyMap<string, Id<'report'>>>;
}

interface OwnFinding {
  readonly title: Id<'content'>;
  readonly receivedAt: Instant;
  readonly version: string;
}

const levelNames = ['summary', 'detail', 'all'] as const;
const none: ReadonlyMap<string, never> = new Map<string, never>();

/**
 * Those of the cases `ids` that `actor` may see, in that order, each at the reader's level, with
 * what other slices know of them asked for all at once.
 */
export async function casesSeen(
  services: Services,
  needs: CaseNeeds,
  { ids, actor }: { readonly ids: readonly string[]; readonly actor: Actor },
): Promise<Case[]> {
  if (ids.length === 0) return [];
  const { database } = services;
  const found = await database.read((r) => placedRooms(r, actor, ids));
  const byId = new Map(found.map((row) => [String(row.id), row]));
  const rows = ids.flatMap((id) => byId.get(id) ?? []);
  const idsOf = (some: readonly ListedRoom[]) => some.map((row) => row.id);
  const full = idsOf(rows.filter((row) => row.level >= levels.detail));
  const bare = idsOf(rows.filter((row) => row.level < levels.detail));
  const whole = idsOf(rows.filter((row) => row.level >= levels.all));
  const [counts, own, reports] = await Promise.all([
    full.length === 0 ? none : database.read((r) => needs.countFindings(r, full, actor)),
    bare.length === 0 ? none : database.read((r) => needs.ownFindings(r, bare, actor)),
    whole.length === 0 ? none : database.read((r) => needs.reportsOf(r, whole)),
  ]);
  return await Promise.all(
    rows.map((row) =>
      caseView(services, row, {
        own: own.get(row.id) ?? null,
        count: counts.get(row.id) ?? 0,
        report: reports.get(row.id) ?? null,
      }),
    ),
  );
}

interface Known {
  readonly own: OwnFinding | null;
  readonly count: number;
  readonly report: Id<'report'> | null;
}

/**
 * A case at the reader's level. Whoever sees the summary alone gets title, version and opening
 * time of the own finding: those of the case would tell what others reported, and when.
 */
async function caseView(
  services: Services,
  row: ListedRoom,
  { own, count, report }: Known,
): Promise<Case> {
  const { content } = services;
  const title = await content.getText(own?.title ?? row.title_content);
  return {
    id: row.id,
    title: title ?? '(erased)',
    package: row.package,
    version: own?.version ?? row.version,
    recipe: row.level >= levels.detail ? row.recipe : null,
    stage: stageOf(row),
    openedAt: own?.receivedAt ?? row.opened_at,
    embargo: embargoOf(row),
    findings: row.level >= levels.detail ? count : null,
    report,
    level: levelNames[row.level - 1] ?? 'summary',
    mergedInto: row.merged_into,
    advisory: row.advisory,
    revision: row.level >= levels.detail ? row.revision : null,
    changedAt: row.changed_at,
    waitingFor: row.waiting,
    due:
      row.due_at === null || row.due_because === null
        ? null
        : { at: row.due_at, because: row.due_because },
  };
}
