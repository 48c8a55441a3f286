import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type CompiledAdvisory, compileAdvisory, withBinaryPackages } from '@breakwater/exposure';
import { type Refusal, refuse } from '@breakwater/kernel';
import type { Context } from '../command.ts';
import { fileLimits, readRegular, reasonOf } from '../files.ts';
import { Stop } from '../stop.ts';
import { advisoriesIn, type ReadRecord } from './advisory-records.ts';

/** A published database of one ecosystem has some two hundred thousand files. */
const filesMax = 500_000;

export interface LoadedAdvisories {
  readonly advisories: readonly CompiledAdvisory[];
  /** Where an advisory should be and none could be read: the answer is silent about these. */
  readonly unread: readonly { readonly where: string; readonly refusal: Refusal }[];
}

/**
 * Reads a folder of OSV, CSAF and CVE files (not the folders in it), or one such file; OSV also as a
 * list.
 */
export async function loadAdvisories(
  place: string,
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
): Promise<LoadedAdvisories> {
  const files = await filesAt(place);
  const advisories: CompiledAdvisory[] = [];
  const unread: { where: string; refusal: Refusal }[] = [];
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted();
    if (index % 256 === 0) terminal.progress(`reading advisories ${index}/${files.length}`);
    for (const { where, result } of await recordsIn(file)) {
      if (result.ok) advisories.push(compileAdvisory(withBinaryPackages(result.value)));
      else unread.push({ where, refusal: result.refusal });
    }
  }
  return { advisories, unread };
}

async function filesAt(place: string): Promise<readonly string[]> {
  let names: string[];
  try {
    if (!(await stat(place)).isDirectory()) return [place];
    names = await readdir(place);
  } catch (error) {
    throw new Stop(noAdvisories(`${place}: ${reasonOf(error)}`));
  }
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  if (files.length === 0) throw new Stop(noAdvisories(`${place}, without a file .json in it`));
  if (files.length > filesMax) throw new Stop(noAdvisories(`more than ${filesMax} files`));
  return files.map((name) => path.join(place, name));
}

async function recordsIn(file: string): Promise<readonly ReadRecord[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegular(file, fileLimits.text);
  } catch (error) {
    if (error instanceof Stop) return [{ where: file, result: refuse(error.refusal) }];
    throw error;
  }
  return advisoriesIn(bytes, file);
}

function noAdvisories(got: string): Refusal {
  return {
    code: 'advisories-missing',
    expected: `a folder with at most ${filesMax} OSV, CSAF or CVE files, or one such file`,
    got,
    todo: 'give the path of advisories, such as a download from osv.dev',
  };
}
