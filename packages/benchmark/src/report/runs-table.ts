import type { Result } from '@breakwater/kernel';
import { HORIZON_PENALTY } from '@breakwater/statistics';
import { fault, guarded, type RunsCode } from './fault.ts';
import { type BenchmarkRun, contaminationOf, type RunEnd, timeSourceOf } from './run.ts';
import { csvRecords, decoded, lines, type TextRecord } from './text-lines.ts';

/** So many runs are read at most. */
export const RUNS_MAX = 2_000_000;

/** A table of runs, and how its publisher fits it. */
export interface RunsTable {
  /** `cyber-horizons-2026` and `-2025`: the published sets; `breakwater`: what `import` writes. */
  readonly columns: 'cyber-horizons-2026' | 'cyber-horizons-2025' | 'breakwater';
  /** λ that the set's fits were published with. */
  readonly penalty: number;
  /** `table`: each run brings its weight; `task-and-family`: it follows from them. */
  readonly weights: 'table' | 'task-and-family';
  readonly runs: readonly BenchmarkRun[];
}

type Meaning =
  | 'model'
  | 'task'
  | 'family'
  | 'outcome'
  | 'epoch'
  | 'minutes'
  | 'timeSource'
  | 'tokens'
  | 'end'
  | 'budget'
  | 'contamination'
  | 'weight'
  | 'evaluation';

interface Layout extends Pick<RunsTable, 'columns' | 'penalty' | 'weights'> {
  /** What each meaning is called; all but those of `optional` must be there. */
  readonly names: Readonly<Partial<Record<Meaning, string>>>;
  readonly optional: readonly Meaning[];
}

const study = {
  model: 'alias',
  task: 'task_id',
  family: 'task_family',
  outcome: 'score_binarized',
};

/** The names that `import` writes, in its order. */
export const runColumns = {
  model: 'model',
  task: 'task',
  family: 'family',
  outcome: 'outcome',
  epoch: 'epoch',
  minutes: 'human_minutes',
  timeSource: 'human_time_source',
  tokens: 'total_tokens',
  end: 'end',
  budget: 'budget',
  contamination: 'contamination',
  evaluation: 'evaluation',
} as const;

const layouts: readonly Layout[] = [
  {
    columns: 'cyber-horizons-2026',
    names: {
      ...study,
      minutes: 'best_available_minutes',
      timeSource: 'best_available_source',
      tokens: 'total_tokens',
    },
    optional: ['tokens'],
    penalty: HORIZON_PENALTY,
    weights: 'task-and-family',
  },
  {
    columns: 'cyber-horizons-2025',
    names: { ...study, minutes: 'human_minutes', weight: 'equal_task_weight' },
    optional: [],
    penalty: 0.1,
    weights: 'table',
  },
  {
    columns: 'breakwater',
    names: runColumns,
    optional: [
      'family',
      'epoch',
      'minutes',
      'timeSource',
      'tokens',
      'end',
      'budget',
      'contamination',
      'evaluation',
    ],
    penalty: HORIZON_PENALTY,
    weights: 'task-and-family',
  },
];

/**
 * Reads a table of runs, CSV with a header or one JSON object a line, in one pass.
 *
 * In: its bytes in chunks. Out: the runs, with the column set that was recognized by its names. A row
 * that cannot be read refuses the table: a fit of the rest would pass for a fit of all.
 */
export async function readRuns(
  chunks: AsyncIterable<Uint8Array>,
): Promise<Result<RunsTable, RunsCode>> {
  return await guarded(async () => {
    const text = decoded(chunks);
    const { head, all } = await begun(text);
    return await (head.startsWith('{') ? fromJson(lines(all)) : fromCsv(csvRecords(all)));
  });
}

/** The first text that is not blank, which tells the form, and all of it again. */
async function begun(text: AsyncGenerator<string>) {
  let head = '';
  while (head.trim() === '') {
    const step = await text.next();
    if (step.done === true) break;
    head += step.value;
  }
  async function* all() {
    yield head;
    yield* text;
  }
  return { head: head.trimStart(), all: all() };
}

async function fromCsv(records: AsyncGenerator<TextRecord>): Promise<RunsTable> {
  const first = await records.next();
  if (first.done === true) throw noRuns();
  const names = first.value.cells.map((name) => name.trim());
  const layout = layoutOf(names);
  const places = new Map(names.map((name, place) => [name, place]));
  const runs: BenchmarkRun[] = [];
  for await (const { line, cells } of records) {
    if (cells.length !== names.length) {
      throw malformed(line, `${names.length} cells`, `${cells.length}`);
    }
    const cell = (name: string) => cells[places.get(name) ?? -1] ?? '';
    addRun(runs, runOf(cellsOf(layout, cell), line));
  }
  return tableOf(layout, runs);
}

async function fromJson(records: AsyncGenerator<TextRecord>): Promise<RunsTable> {
  let layout: Layout | null = null;
  const runs: BenchmarkRun[] = [];
  for await (const { line, cells } of records) {
    const members = parsedLine(cells[0] ?? '', line);
    layout ??= layoutOf([...members.keys()]);
    const cell = (name: string) => members.get(name) ?? '';
    addRun(runs, runOf(cellsOf(layout, cell), line));
  }
  if (layout === null) throw noRuns();
  return tableOf(layout, runs);
}

/** Members of a JSON object as cells; null as an empty one. */
function parsedLine(text: string, line: number): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(line, 'a JSON object', 'other text');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(line, 'a JSON object', 'another value');
  }
  return new Map(
    Object.entries(value).map(([name, each]) => {
      if (typeof each === 'object' && each !== null) {
        return [name, ''];
      }
      return [name, each === null ? '' : String(each)];
    }),
  );
}

function layoutOf(names: readonly string[]): Layout {
  const there = new Set(names);
  const found = layouts.find((layout) => missingOf(layout, there).length === 0);
  if (found !== undefined) return found;
  const nearest = layouts.toSorted(
    (a, b) => missingOf(a, there).length - missingOf(b, there).length,
  )[0];
  const wanted = layouts.map((layout) => neededOf(layout).join(', ')).join('; or ');
  const missing = nearest === undefined ? '' : missingOf(nearest, there).join(', ');
  throw fault('columns-unknown', {
    expected: `the columns ${wanted}`,
    got: names.slice(0, 20).join(', '),
    todo: `add the columns that are missing: ${missing}`,
  });
}

function neededOf({ names, optional }: Layout): readonly string[] {
  return Object.entries(names).flatMap(([meaning, name]) =>
    optional.some((each) => each === meaning) ? [] : [name],
  );
}

function missingOf(layout: Layout, there: ReadonlySet<string>): readonly string[] {
  return neededOf(layout).filter((name) => !there.has(name));
}

/** The cell of each meaning; empty where the table has no such column. */
interface Cells {
  readonly of: (meaning: Meaning) => string;
  readonly nameOf: (meaning: Meaning) => string;
}

function cellsOf({ names }: Layout, cell: (name: string) => string): Cells {
  const nameOf = (meaning: Meaning) => names[meaning] ?? '';
  return {
    nameOf,
    of: (meaning) => {
      const name = names[meaning];
      return name === undefined ? '' : cell(name).trim();
    },
  };
}

function runOf(cells: Cells, line: number): BenchmarkRun {
  const said = (meaning: Meaning) => {
    const text = cells.of(meaning);
    if (text !== '') return text;
    throw malformed(line, `${cells.nameOf(meaning)}: a name`, 'nothing');
  };
  const task = said('task');
  const figure = (meaning: Meaning, { words, fits }: Kind) =>
    numberIn(cells.of(meaning), { line, words: `${cells.nameOf(meaning)}: ${words}`, fits });
  const minutes = figure('minutes', positive);
  return {
    model: said('model'),
    task,
    family: cells.of('family') || task,
    outcome: figure('outcome', share) ?? Number.NaN,
    epoch: figure('epoch', whole) ?? 1,
    minutes,
    timeSource: minutes === null ? null : timeSourceOf(cells.of('timeSource')),
    tokens: figure('tokens', whole),
    end: endOf(cells.of('end'), line),
    budget: cells.of('budget') || null,
    contamination: contaminationOf(cells.of('contamination')),
    weight: figure('weight', notNegative),
    evaluation: cells.of('evaluation') || null,
  };
}

interface Kind {
  readonly words: string;
  readonly fits: (value: number) => boolean;
}

const positive: Kind = { words: 'minutes above 0', fits: (value) => value > 0 };
const notNegative: Kind = { words: 'a number of 0 or more', fits: (value) => value >= 0 };
const share: Kind = { words: 'a number from 0 to 1', fits: (v) => v >= 0 && v <= 1 };
const whole: Kind = {
  words: 'a whole number of 0 or more',
  fits: (value) => value >= 0 && Number.isSafeInteger(value),
};

function numberIn(text: string, { line, words, fits }: Kind & { readonly line: number }) {
  if (text === '') return null;
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  const value = Number(text);
  if (isNumber && Number.isFinite(value) && fits(value)) return value;
  throw malformed(line, words, text);
}

function endOf(text: string, line: number): RunEnd | null {
  if (text === '') return null;
  if (text === 'solved' || text === 'censored' || text === 'ended') return text;
  throw malformed(line, 'end: solved, censored, ended or nothing', text);
}

function addRun(runs: BenchmarkRun[], run: BenchmarkRun): void {
  if (runs.length >= RUNS_MAX) {
    throw fault('table-too-large', {
      expected: `at most ${RUNS_MAX} runs`,
      got: 'more',
      todo: 'take fewer models at a time',
    });
  }
  runs.push(run);
}

function tableOf({ columns, penalty, weights }: Layout, runs: readonly BenchmarkRun[]): RunsTable {
  if (runs.length === 0) throw noRuns();
  return { columns, penalty, weights, runs };
}

function malformed(line: number, expected: string, got: string) {
  return fault('row-malformed', {
    expected,
    got: `${got} at line ${line}`,
    todo: 'correct the row',
  });
}

function noRuns() {
  return fault('no-runs', { expected: 'a header and runs', got: 'none', todo: 'check the file' });
}
