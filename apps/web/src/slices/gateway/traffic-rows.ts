import type { gateway, Output } from '@breakwater/contract';

export type Line = Output<typeof gateway.traffic>['items'][number];

/** By what traffic is added up. */
export const groupings = ['model', 'party', 'person', 'key', 'day'] as const;
export type Grouping = (typeof groupings)[number];

export interface TrafficRow {
  readonly id: string;
  readonly label: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Money by currency: none is converted into another. */
  readonly money: readonly { readonly currency: string; readonly micros: number }[];
}

const named: Readonly<Record<Grouping, (line: Line) => readonly [id: string, label: string]>> = {
  model: ({ model }) => [model ?? '', model ?? 'name erased'],
  party: ({ party }) => [party.id, party.name],
  person: ({ holder, party }) => [holder.id, `${holder.name ?? 'name erased'}, ${party.name}`],
  key: ({ key, name, party }) => [key, `${name ?? 'name erased'}, ${party.name}`],
  day: ({ day }) => [day, day],
};

/** Lines added up by one thing; the most requests first, days the newest first. */
export function rowsBy(grouping: Grouping, lines: readonly Line[]): readonly TrafficRow[] {
  const rows = new Map<string, TrafficRow>();
  for (const line of lines) {
    const [id, label] = named[grouping](line);
    rows.set(id, added(rows.get(id) ?? { ...nothing, id, label }, line));
  }
  const all = [...rows.values()];
  return grouping === 'day'
    ? all.toSorted((a, b) => (a.id < b.id ? 1 : -1))
    : all.toSorted((a, b) => b.requests - a.requests || (a.id < b.id ? -1 : 1));
}

const nothing = { requests: 0, inputTokens: 0, outputTokens: 0, money: [] } as const;

function added(row: TrafficRow, { currency, costMicros, ...line }: Line): TrafficRow {
  const others = row.money.filter((each) => each.currency !== currency);
  const before = row.money.find((each) => each.currency === currency)?.micros ?? 0;
  return {
    ...row,
    requests: row.requests + line.requests,
    inputTokens: row.inputTokens + line.inputTokens,
    outputTokens: row.outputTokens + line.outputTokens,
    money: currency === null ? row.money : [...others, { currency, micros: before + costMicros }],
  };
}
