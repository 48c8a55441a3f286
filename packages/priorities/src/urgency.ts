import { type DecisionTable, lookup, type SsvcDecision } from '@breakwater/formats/ssvc';

/**
 * The most urgent answer of a table among all rows that are possible: per decision point id, the
 * value keys that cannot be ruled out (SSVC: one who knows nothing holds every state possible).
 * The outcomes of the tables used here are published in rising urgency.
 */
export function mostUrgent(
  table: DecisionTable,
  possible: Readonly<Record<string, readonly string[]>>,
): SsvcDecision & { readonly isCertain: boolean } {
  const rows = table.rows.filter((row) =>
    table.inputs.every(({ id }) => possible[id]?.includes(row[id] ?? '') ?? true),
  );
  const urgency = (row: Readonly<Record<string, string>>): number =>
    table.outcome.values.findIndex((value) => value.key === row[table.outcome.id]);
  const [first, ...others] = rows.toSorted((a, b) => urgency(b) - urgency(a));
  if (first === undefined) throw new Error(`no row of ${table.id} is possible`);
  const inputs = Object.fromEntries(table.inputs.map(({ id }) => [id, first[id] ?? '']));
  const decision = lookup(table, inputs);
  if (!decision.ok)
    throw new Error(`${table.id} does not know its own row: ${decision.refusal.got}`);
  const isCertain = others.every((row) => urgency(row) === urgency(first));
  return { ...decision.value, isCertain };
}
