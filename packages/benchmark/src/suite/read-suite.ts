import {
  bytesToHex,
  canonicalJson,
  fromUtf8,
  type Json,
  ok,
  type Refusal,
  type Result,
  refuse,
  sha256,
} from '@breakwater/kernel';
import type { z } from 'zod';
import { type Item, type ItemFile, itemBytesMax } from '../seal/item.ts';
import { faultOf, type SuiteCode, suiteFault } from './fault.ts';
import { isFilePath } from './file-path.ts';
import { type FolderEntry, type SuiteFolder, suiteLimits } from './folder.ts';
import { Suite } from './suite.ts';
import { Task } from './task.ts';

/** A suite as it lies in a folder, with the items that it would be committed as. */
export interface ReadSuite {
  readonly suite: Suite;
  /** In the order of `suite.tasks`. */
  readonly items: readonly Item[];
}

/** Parses `suite.json`. */
export function parseSuite(bytes: Uint8Array): Result<Suite, SuiteCode> {
  return parseJson(Suite, bytes, { code: 'suite-malformed', name: 'suite.json' });
}

/** Parses the `task.json` of the folder `name`. */
export function parseTask(bytes: Uint8Array, name: string): Result<Task, SuiteCode> {
  const file = `tasks/${name}/task.json`;
  const task = parseJson(Task, bytes, { code: 'task-malformed', name: file });
  if (!task.ok || task.value.name === name) return task;
  return refuse(suiteFault('task-misnamed', `${file} of a task named ${task.value.name}`));
}

/**
 * Reads a whole suite: parses it, and takes the digest of every file of its tasks. Refuses files
 * that its form does not know, links among them, so that all that can matter is committed.
 */
export async function readSuite(folder: SuiteFolder): Promise<Result<ReadSuite, SuiteCode>> {
  const listed = await folder.list(suiteLimits.entriesMax);
  if (!listed.ok) return listed;
  const bytes = listed.value.reduce((sum, { size }) => sum + size, 0);
  if (bytes > suiteLimits.bytesMax) return refuse(suiteFault('folder-too-large', `${bytes} bytes`));
  const json = await folder.read('suite.json', suiteLimits.jsonBytesMax);
  if (!json.ok) return json;
  const suite = parseSuite(json.value);
  if (!suite.ok) return suite;
  const strayed = strayEntry(listed.value, suite.value);
  if (strayed !== null) return refuse(strayed);
  const items: Item[] = [];
  for (const name of suite.value.tasks) {
    const item = await readTask(folder, { suite: suite.value, name, entries: listed.value });
    if (!item.ok) return item;
    items.push(item.value);
  }
  return ok({ suite: suite.value, items });
}

const latin1 = new TextDecoder('latin1');

interface TaskPlace {
  readonly suite: Suite;
  readonly name: string;
  readonly entries: readonly FolderEntry[];
}

async function readTask(folder: SuiteFolder, place: TaskPlace): Promise<Result<Item, SuiteCode>> {
  const { suite, name, entries } = place;
  const root = `tasks/${name}/`;
  const own = entries.filter(({ path }) => path.startsWith(root));
  if (!own.some(({ path }) => path === `${root}task.json`)) {
    return refuse(suiteFault('task-missing', `no ${root}task.json`));
  }
  const json = await folder.read(`${root}task.json`, suiteLimits.jsonBytesMax);
  if (!json.ok) return json;
  const task = parseTask(json.value, name);
  if (!task.ok) return task;
  const prompts = [task.value.prompt, ...task.value.variants.map(({ prompt = '' }) => prompt)];
  if (prompts.some((prompt) => prompt.includes(suite.canary))) {
    return refuse(suiteFault('canary-shown', `a prompt of ${root}task.json`));
  }
  const files: ItemFile[] = [];
  for (const { path, isExecutable } of own.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    if (path === `${root}task.json`) continue;
    const file = await folder.read(path, suiteLimits.fileBytesMax);
    if (!file.ok) return file;
    const digest = bytesToHex(sha256(file.value));
    const size = file.value.length;
    if (path.startsWith(`${root}files/`) && latin1.decode(file.value).includes(suite.canary)) {
      return refuse(suiteFault('canary-shown', path));
    }
    files.push({ path: path.slice(root.length), size, sha256: digest, executable: isExecutable });
  }
  const paths = new Set(files.map(({ path }) => path));
  const wrong = wrongFile(task.value, paths);
  if (wrong !== null) return refuse(suiteFault(wrong[0], `${root}${wrong[1]}`));
  const { name: suiteName, version } = suite;
  const ofSuite = { name: suiteName, version };
  const item: Item = { format: 'breakwater-item/1', suite: ofSuite, task: task.value, files };
  // What is parsed came from JSON, so that JCS can say all of it.
  const length = canonicalJson(item as Json).length;
  if (length <= itemBytesMax) return ok(item);
  return refuse(suiteFault('folder-too-large', `${root} with an item of ${length} bytes`));
}

/** What task.json and the files beside it do not agree on. */
function wrongFile(task: Task, paths: ReadonlySet<string>): readonly [SuiteCode, string] | null {
  const script = task.scorer.kind === 'script' ? task.scorer.path : undefined;
  const scripts = [task.setup, task.services, script].filter((path) => path !== undefined);
  const named = new Set([...task.files, ...scripts]);
  for (const path of named) if (!paths.has(path)) return ['file-missing', path];
  for (const path of paths) {
    if (mustBeNamed.test(path) && !named.has(path)) return ['file-unlisted', path];
  }
  return null;
}

const mustBeNamed = /^(setup\.sh|services\.sh|files\/.+)$/;
const besideTasks = /^(suite\.json|README\.md|LICENSE)$/;
const inTask = /^(task\.json|setup\.sh|services\.sh|README\.md|(files|private|solutions)\/.+)$/;

function strayEntry(entries: readonly FolderEntry[], suite: Suite): Refusal<SuiteCode> | null {
  const tasks = new Set(suite.tasks);
  for (const { path, kind } of entries) {
    if (kind !== 'file') return suiteFault('file-unknown', `${path}, which is no plain file`);
    if (besideTasks.test(path)) continue;
    const [top, name = '', ...rest] = path.split('/');
    const isKnown = top === 'tasks' && tasks.has(name) && inTask.test(rest.join('/'));
    if (!isKnown || !isFilePath(path)) return suiteFault('file-unknown', JSON.stringify(path));
  }
  return null;
}

interface JsonFile {
  readonly code: SuiteCode;
  readonly name: string;
}

function parseJson<T>(
  schema: z.ZodType<T>,
  bytes: Uint8Array,
  file: JsonFile,
): Result<T, SuiteCode> {
  const { code, name } = file;
  if (bytes.length > suiteLimits.jsonBytesMax) {
    return refuse(suiteFault(code, `${name} of ${bytes.length} bytes`));
  }
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch {
    return refuse(suiteFault(code, `${name} that is no JSON in UTF-8`));
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return hasCanonicalForm(parsed.data)
      ? ok(parsed.data)
      : refuse(suiteFault(code, `${name} with a half of a character (a lone surrogate)`));
  }
  const { pointer, got } = faultOf(parsed.error);
  return refuse(suiteFault(code, `${name} ${got}`, pointer));
}

function hasCanonicalForm(value: unknown): boolean {
  try {
    canonicalJson(value as Json); // a schema of this folder made it from JSON
    return true;
  } catch {
    return false;
  }
}
