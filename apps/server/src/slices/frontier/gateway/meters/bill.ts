import type { Instant } from '@breakwater/kernel';
import { type Counts, countsBy, excessOf } from '@breakwater/meter';
import type { RequestRow } from '../record/request-row.ts';
import { type MeterKind, type MeterSpan, meterKinds } from './model.ts';
import { always } from './spans.ts';

/** A request that was settled, and the spans in which it was reserved. */
export interface Settled {
  readonly row: RequestRow;
  readonly minute: Instant;
  readonly day: Instant;
}

/** What a request held of every meter of its key. */
export function heldBy({ reserved }: RequestRow): Counts<MeterKind> {
  return { requests: 1, atOnce: 1, ...reserved };
}

/** What it is billed. */
export function spentBy({ figures, settled }: RequestRow): Counts<MeterKind> {
  return { requests: figures === 'unused' ? 0 : 1, atOnce: 0, ...settled };
}

/** What settlements come to in one kind of one span of a key. */
export interface BillLine {
  readonly key: string;
  readonly span: MeterSpan;
  readonly from: Instant;
  readonly kind: MeterKind;
  used: number;
  excess: number;
  /** The part of `used` that had been reserved. */
  covered: number;
}

const billed = meterKinds.filter((kind) => kind !== 'atOnce');

/** Adds settlements up by meter. What is under way is not billed; it has no sum. */
export function billOf(settled: readonly Settled[]): readonly BillLine[] {
  const lines = new Map<string, BillLine>();
  for (const { row, minute, day } of settled) {
    const close = { held: heldBy(row), spent: spentBy(row) };
    const over = excessOf(meterKinds, close);
    const spans = [
      ['minute', minute],
      ['day', day],
      ['grant', always],
    ] as const;
    for (const [span, from] of spans) {
      for (const kind of billed) {
        const name = `${row.key} ${span} ${from} ${kind}`;
        const line = lines.get(name) ?? lineOf(row.key, { span, from, kind });
        lines.set(name, line);
        line.used += close.spent[kind];
        line.excess += over[kind];
        line.covered += close.spent[kind] - over[kind];
      }
    }
  }
  return [...lines.values()];
}

function lineOf(key: string, of: Pick<BillLine, 'span' | 'from' | 'kind'>): BillLine {
  return { key, ...of, used: 0, excess: 0, covered: 0 };
}

/** What of a reservation its lease pays for: nothing beyond what was held. */
export function coveredOf(row: RequestRow): Counts<MeterKind> {
  const held = heldBy(row);
  const spent = spentBy(row);
  return countsBy(meterKinds, (kind) => Math.min(held[kind], spent[kind]));
}
