import { pointerToken, type Refusal } from '@breakwater/kernel';
import type { z } from 'zod';

/** The first thing that is wrong with a JSON value: where, and what was expected there. */
export function faultOf(error: z.ZodError): { readonly pointer: string; readonly got: string } {
  const [issue] = error.issues;
  const pointer = (issue?.path ?? [])
    .map((step) => `/${pointerToken(String(step)).slice(0, 100)}`)
    .join('');
  const got = `at ${pointer || 'its top'}: ${issue?.message ?? 'another shape'}`;
  // A message names every field that is one too many, however long its name.
  return { pointer, got: got.slice(0, 300) };
}

/** Why a folder is no suite. */
export type SuiteCode =
  | 'folder-unreadable'
  | 'folder-too-large'
  | 'suite-malformed'
  | 'task-malformed'
  | 'task-missing'
  | 'task-misnamed'
  | 'file-missing'
  | 'file-unlisted'
  | 'file-unknown'
  | 'canary-shown';

const wanted: Readonly<Record<SuiteCode, readonly [expected: string, todo: string]>> = {
  'folder-unreadable': ['a folder that can be read', 'name the folder that holds suite.json'],
  'folder-too-large': ['a folder of a suite within its limits', 'make it smaller'],
  'suite-malformed': ['suite.json as docs/suite-format.md describes it', 'mend it there'],
  'task-malformed': ['a task.json as docs/suite-format.md describes it', 'mend it there'],
  'task-missing': ['a folder tasks/<name> for each task of suite.json', 'add it, or its name away'],
  'task-misnamed': ['a task that is named as its folder', 'name both alike'],
  'file-missing': ['every file that task.json names', 'add the file, or take its name away'],
  'file-unlisted': ['every file in files/ named in task.json', 'name it there, or move it away'],
  'file-unknown': ['only files that the form of a suite knows', 'move it away'],
  'canary-shown': ['the canary only where nobody who works on a task looks', 'take it away there'],
};

/** A refusal of a suite; `got` names the file. */
export function suiteFault(code: SuiteCode, got: string, pointer = ''): Refusal<SuiteCode> {
  const [expected, todo] = wanted[code];
  return { code, expected, got: got.slice(0, 400), todo, ...(pointer === '' ? {} : { pointer }) };
}
