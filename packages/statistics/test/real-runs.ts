import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HorizonRun } from '../src/horizon/runs.ts';

const vectors = join(import.meta.dirname, '../vectors');

/** Rows of a small CSV file without quoted commas, by column name. */
export function rowsOf(path: string): Map<string, string>[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => new Map(line.split(',').map((cell, at) => [names[at] ?? '', cell])));
}

/** One cell as a number; NaN where it is empty. */
export function numberOf(row: Map<string, string>, name: string): number {
  const cell = row.get(name);
  if (cell === 'inf') return Number.POSITIVE_INFINITY;
  return cell === undefined || cell === '' ? Number.NaN : Number(cell);
}

/** A file of the study's vectors, of R's figures and the like, committed here. */
export function vector(path: string): string {
  return join(vectors, path);
}

/** A file of the real data beside the repository; undefined where that is missing. */
export function realFile(path: string): string | undefined {
  const root =
    process.env['BREAKWATER_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');
  const file = join(root, 'evaluation', path);
  return existsSync(file) ? file : undefined;
}

/** All 4,257 runs of the 2026 study. */
export function studyRuns(): HorizonRun[] {
  return rowsOf(vector('cyber-horizons/runs.csv')).flatMap((row) => {
    const [task = '', family = ''] = [row.get('task'), row.get('family')];
    const models = [...row].slice(4).filter(([, cell]) => cell !== '');
    const minutes = numberOf(row, 'minutes');
    return models.map(([model, cell]) => ({ model, task, family, minutes, outcome: Number(cell) }));
  });
}
