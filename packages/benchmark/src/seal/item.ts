import { canonicalJson, fromUtf8, type Json, ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { faultOf } from '../suite/fault.ts';
import { FilePath } from '../suite/file-path.ts';
import { areDifferent, Name, Task, Version } from '../suite/task.ts';

/** Longest item, in bytes of its canonical JSON. */
export const itemBytesMax = 1_400_000;

const ItemFile = z.strictObject({
  path: FilePath,
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  executable: z.boolean(),
});
export type ItemFile = Readonly<z.infer<typeof ItemFile>>;

/** One task, whole: what is committed (docs/suite-format.md). */
export const Item = z.strictObject({
  format: z.literal('breakwater-item/1'),
  suite: z.strictObject({ name: Name, version: Version }),
  task: Task,
  /** All files of the task's folder but `task.json`, sorted by path. */
  files: z.array(ItemFile).max(10_000).refine(areSorted, 'files are not sorted by path'),
});
export type Item = Readonly<z.infer<typeof Item>>;

/** The canonical JSON (RFC 8785) of an item: the text that is committed. */
export function itemText(item: Item): string {
  return fromUtf8(canonicalJson(item as Json)); // parsed from JSON, so nothing else is in it
}

/** Reads the text of an item. Refuses what is not in canonical form: then two texts say the same. */
export function readItem(text: string): Result<Item, 'item-malformed'> {
  if (text.length > itemBytesMax) return malformed(`${text.length} characters`);
  try {
    const item = Item.safeParse(JSON.parse(text));
    if (!item.success) return malformed(faultOf(item.error).got);
    return itemText(item.data) === text ? ok(item.data) : malformed('another form than JCS');
  } catch {
    return malformed('something else than JSON that has a canonical form');
  }
}

function areSorted(files: readonly ItemFile[]): boolean {
  const paths = files.map(({ path }) => path);
  return areDifferent(paths) && paths.every((path, at) => at === 0 || (paths[at - 1] ?? '') < path);
}

function malformed(got: string) {
  return refuse({
    code: 'item-malformed',
    expected: 'an item as docs/suite-format.md describes it',
    got,
    todo: 'ask whoever gave it for the item as it was committed',
  });
}
