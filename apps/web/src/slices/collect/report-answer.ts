import type { collect, Output, ReportCounts, ReportRow } from '@breakwater/contract';

const words = {
  new: 'New',
  joined: 'Known to others, joined',
  'known-fixed': 'Known and fixed',
  suppressed: 'Suppressed by the tool: kept, without a case',
  waiting: 'In; whether it is new is told later',
  known: 'Handed in by you before',
  'left-out': 'Left out',
  refused: 'Refused',
} as const satisfies Record<ReportRow['outcome'], string>;

/** How many elements of a report became what, those that are not nothing. */
export function counted({
  rows,
  gone,
}: Pick<Output<typeof collect.import>, 'rows' | 'gone'>): readonly (readonly [string, number])[] {
  const counts = new Map<ReportRow['outcome'], number>();
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const listed = Object.entries(words).flatMap(([outcome, label]) => {
    const count = [...counts].find(([known]) => known === outcome)?.[1] ?? 0;
    return count === 0 ? [] : [[label, count] as const];
  });
  return gone.length === 0
    ? listed
    : [...listed, ['In your last report of this tool, and gone', gone.length]];
}

/** What a report would come to, as far as it can be told before it is handed in. */
export function foreseen(counts: ReportCounts): readonly (readonly [string, number])[] {
  const all = [
    ['Results', counts.results],
    ['Findings', counts.findings],
    ['Suppressed, kept', counts.suppressed],
    ['Left out', counts.leftOut],
    ['Unreadable', counts.refused],
  ] as const;
  return all.filter(([, count], at) => at < 2 || count > 0);
}

/** What is refused unless it is said beside the file, in words; empty once it is said. */
export function lackedBy(
  { withoutPackage, withoutVersion }: ReportCounts,
  said: { readonly named: boolean; readonly versioned: boolean },
): readonly string[] {
  const lack = (count: number, of: string) =>
    `${count} ${count === 1 ? 'names' : 'name'} no ${of}: refused unless you say it below`;
  return [
    ...(withoutPackage > 0 && !said.named ? [lack(withoutPackage, 'package')] : []),
    ...(withoutVersion > 0 && !said.versioned ? [lack(withoutVersion, 'version')] : []),
  ];
}

export interface Reason {
  readonly why: string;
  readonly count: number;
  /** Where the first of them stands in the file. */
  readonly first: string;
}

const reasonsMax = 20;

/** Why elements are not in, each reason once, the most frequent first. */
export function reasonsOf(rows: readonly ReportRow[]): readonly Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { why, where } of rows) {
    if (why === null) continue;
    const before = reasons.get(why) ?? { why, count: 0, first: where };
    reasons.set(why, { ...before, count: before.count + 1 });
  }
  return [...reasons.values()].toSorted((a, b) => b.count - a.count).slice(0, reasonsMax);
}
