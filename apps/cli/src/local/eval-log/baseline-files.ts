import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type BaselineRecord, baselinesMax, readBaselines } from '@breakwater/benchmark/baseline';
import { fileLimits, readRegular, reasonOf } from '../../files.ts';
import { need, Stop } from '../../stop.ts';

/** How deep folders of sessions are gone into. */
const depthMax = 8;

/** Every record of these files, and of the sessions in these folders. Links are not followed. */
export async function baselinesIn(places: readonly string[]): Promise<readonly BaselineRecord[]> {
  const records: BaselineRecord[] = [];
  for (const place of places) {
    for await (const file of recordFiles(place, 0)) {
      const text = new TextDecoder().decode(await readRegular(file, fileLimits.text));
      for (const record of need(readBaselines(text))) records.push(record);
      if (records.length > baselinesMax) throw new Stop(tooMany);
    }
  }
  if (records.length === 0) throw new Stop(noneIn(places));
  return records;
}

async function* recordFiles(place: string, depth: number): AsyncGenerator<string> {
  let entries: Dirent[];
  try {
    if (depth === 0 && !(await stat(place)).isDirectory()) {
      yield place;
      return;
    }
    entries = await readdir(place, { withFileTypes: true });
  } catch (error) {
    throw new Stop(unreadable(place, error));
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const inside = path.join(place, entry.name);
    if (entry.isFile() && entry.name === 'record.jsonl') yield inside;
    const isSession = entry.isDirectory() && entry.name !== 'blobs';
    if (isSession && depth < depthMax) yield* recordFiles(inside, depth + 1);
  }
}

const tooMany = {
  code: 'too-many-baselines',
  expected: `at most ${baselinesMax} records`,
  got: 'more',
  todo: 'take fewer folders at a time',
};

function noneIn(places: readonly string[]) {
  return {
    code: 'no-baselines',
    expected: 'records of baselines',
    got: `none in ${places.join(', ').slice(0, 300)}`,
    todo: 'name folders of `benchmark baseline` that came to an end, or their record.jsonl',
  };
}

function unreadable(place: string, error: unknown) {
  return {
    code: 'file-unreadable',
    expected: 'a record, or a folder with sessions',
    got: `${place}: ${reasonOf(error)}`,
    todo: 'check the path and who may read it',
  };
}
