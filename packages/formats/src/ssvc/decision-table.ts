import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';

const Value = z.object({ key: z.string(), name: z.string(), definition: z.string() });

const Point = z.object({ name: z.string(), definition: z.string(), values: z.array(Value).min(2) });

/** The published form of a table, SSVC schema 2.0.0; only the members that are used. */
const Published = z.object({
  namespace: z.string(),
  key: z.string(),
  version: z.string(),
  name: z.string(),
  schemaVersion: z.literal('2.0.0'),
  decision_points: z.record(z.string(), Point),
  outcome: z.string(),
  mapping: z.array(z.record(z.string(), z.string())),
});

/** One value of a decision point, such as `P`, Partial. */
export type SsvcValue = z.infer<typeof Value>;

/** A question the table asks, or the outcome it gives. */
export interface DecisionPoint {
  /** `ssvc:TI:1.0.0`. */
  readonly id: string;
  /** `Technical Impact`. */
  readonly name: string;
  readonly definition: string;
  readonly values: readonly SsvcValue[];
}

/** A decision table as published; every combination of values has exactly one row. */
export interface DecisionTable {
  /** `cisa:DT_BOD2604:1.0.0`. */
  readonly id: string;
  readonly name: string;
  readonly inputs: readonly DecisionPoint[];
  readonly outcome: DecisionPoint;
  /** Value keys by decision point id, in published order. */
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/**
 * Reads a table in CERT/CC's published JSON form. Throws on a malformed or incomplete table: the
 * tables are part of this package, so that is a broken build and no outside input.
 */
export function decisionTable(json: unknown): DecisionTable {
  const table = Published.parse(json);
  const points = Object.entries(table.decision_points).map(([id, point]) => ({ id, ...point }));
  const outcome = points.find((point) => point.id === table.outcome);
  const inputs = points.filter((point) => point.id !== table.outcome);
  const id = `${table.namespace}:${table.key}:${table.version}`;
  if (outcome === undefined) throw new Error(`table ${id} lacks its outcome ${table.outcome}`);
  const combinations = inputs.reduce((product, point) => product * point.values.length, 1);
  const keys = new Set(table.mapping.map((row) => inputs.map((point) => row[point.id]).join()));
  if (keys.size !== combinations || table.mapping.length !== combinations) {
    throw new Error(`table ${id} has ${keys.size} rows for ${combinations} combinations`);
  }
  return { id, name: table.name, inputs, outcome, rows: table.mapping };
}

export type SsvcCode = 'ssvc-input-missing' | 'ssvc-input-unknown' | 'ssvc-value-unknown';

/** What a table answers, with everything needed to check it by hand. */
export interface SsvcDecision {
  readonly table: string;
  /** `cisa:DT_BOD2604:1.0.0 row 7`, counted from 0 as in the published CSV. */
  readonly row: string;
  readonly outcome: SsvcValue;
  readonly inputs: readonly { readonly point: string; readonly value: SsvcValue }[];
}

/**
 * Looks the inputs up in a table. Decision points go by id, name or key (`ssvc:TI:1.0.0`,
 * `Technical Impact`, `TI`), values by key or name; case, and `_` or `-` for space, do not matter,
 * because published assessments mix them; `poc` counts as `Public PoC`. Every point must be given,
 * once; what the table does not ask is refused.
 */
export function lookup(
  table: DecisionTable,
  inputs: Readonly<Record<string, string>>,
): Result<SsvcDecision, SsvcCode> {
  const chosen = new Map<string, SsvcValue>();
  for (const [name, text] of Object.entries(inputs)) {
    const point = table.inputs.find((each) => names(each).includes(plain(name)));
    if (point === undefined || chosen.has(point.id)) {
      const asked = table.inputs.map((each) => each.name).join(', ');
      return no('ssvc-input-unknown', `each of ${asked} once`, quoted(name));
    }
    const value = valueNamed(point, text);
    if (value === undefined) {
      const possible = point.values.map((each) => each.name).join(', ');
      return no('ssvc-value-unknown', `${point.name} as one of ${possible}`, quoted(text));
    }
    chosen.set(point.id, value);
  }
  const missing = table.inputs.filter((point) => !chosen.has(point.id));
  if (missing.length > 0) {
    const absent = missing.map((point) => point.name).join(', ');
    return no('ssvc-input-missing', 'every input of the table', `none for ${absent}`);
  }
  return ok(decisionAt(table, chosen));
}

/** The row that holds; a table is complete, so there is one. */
function decisionAt(table: DecisionTable, chosen: ReadonlyMap<string, SsvcValue>): SsvcDecision {
  const index = table.rows.findIndex((row) =>
    table.inputs.every((point) => row[point.id] === chosen.get(point.id)?.key),
  );
  const key = table.rows[index]?.[table.outcome.id];
  const outcome = table.outcome.values.find((value) => value.key === key);
  if (outcome === undefined) throw new Error(`table ${table.id} row ${index} has no outcome`);
  return {
    table: table.id,
    row: `${table.id} row ${index}`,
    outcome,
    inputs: table.inputs.flatMap((point) => {
      const value = chosen.get(point.id);
      return value === undefined ? [] : [{ point: point.name, value }];
    }),
  };
}

/** The value of a decision point that `text` names; undefined for none. */
export function valueNamed(point: DecisionPoint, text: string): SsvcValue | undefined {
  const wanted = plain(text) === 'poc' ? 'public poc' : plain(text);
  return (
    point.values.find((value) => plain(value.name) === wanted) ??
    point.values.find((value) => plain(value.key) === wanted)
  );
}

function names(point: DecisionPoint): readonly string[] {
  return [plain(point.id), plain(point.name), plain(point.id.split(':')[1] ?? '')];
}

function plain(text: string): string {
  return text.slice(0, 100).trim().toLowerCase().replace(/[_-]/g, ' ');
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

function no(code: SsvcCode, expected: string, got: string): Result<never, SsvcCode> {
  return refuse({
    code,
    expected,
    got,
    todo: 'state the inputs as the published table names them',
  });
}
