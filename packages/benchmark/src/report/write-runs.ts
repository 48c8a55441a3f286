import { csvCell } from '@breakwater/formats/csv-findings';
import type { BenchmarkRun } from './run.ts';
import { runColumns } from './runs-table.ts';

/** The header of a table of runs as CSV, with its line end. */
export const runsHead = `${Object.values(runColumns).join(',')}\r\n`;

/** One run as a line of CSV, under `runsHead`; inert in a spreadsheet. */
export function csvRun(run: BenchmarkRun): string {
  return `${Object.values(cellsOf(run)).map(cellText).join(',')}\r\n`;
}

/** One run as a line of JSON, under the same names; what is not known is null. */
export function jsonRun(run: BenchmarkRun): string {
  return `${JSON.stringify(cellsOf(run))}\n`;
}

function cellText(value: string | number | null): string {
  return value === null ? '' : csvCell(String(value));
}

function cellsOf(run: BenchmarkRun): Readonly<Record<string, string | number | null>> {
  return Object.fromEntries(
    Object.entries(runColumns).map(([meaning, name]) => {
      const value = figureOf(run, meaning);
      // JSON has no NaN, and no word for a run without a score but null.
      return [name, typeof value === 'number' && Number.isNaN(value) ? null : value];
    }),
  );
}

function figureOf(run: BenchmarkRun, meaning: string): string | number | null {
  const found = Object.entries(run).find(([name]) => name === meaning)?.[1];
  return typeof found === 'string' || typeof found === 'number' ? found : null;
}
