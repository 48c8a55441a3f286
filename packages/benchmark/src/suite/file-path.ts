import { z } from 'zod';

/** Longest path of a file in a suite, in characters, and most folders in each other. */
const pathLengthMax = 240;
const pathDepthMax = 12;

const segment = /^[A-Za-z0-9 ._+@=,~{}()-]{1,100}$/;

/**
 * Whether a path names a file below a folder and nothing else, on every system: relative, `/`
 * between plain ASCII names, no `.` or `..`, no name that ends in a space or a dot.
 */
export function isFilePath(path: string): boolean {
  const names = path.split('/');
  if (path.length > pathLengthMax || names.length > pathDepthMax) return false;
  return names.every((name) => segment.test(name) && !/[ .]$/.test(name) && !name.startsWith(' '));
}

/** A path of a file in a task's folder. */
export const FilePath = z.string().refine(isFilePath, 'expected a relative path of plain names');
