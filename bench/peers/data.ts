import { existsSync } from 'node:fs';
import path from 'node:path';

/** A folder of the real material, of which nothing is committed. Throws what to do without it. */
export function needData(folder: string): string {
  const data = path.resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
  const place = path.join(data, folder);
  if (existsSync(place)) return place;
  throw new Error(`${place} is missing: set BREAKWATER_DATA to the folder of real material`);
}
