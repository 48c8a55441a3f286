import { fromBase64, utf8 } from '@breakwater/kernel';
import { z } from 'zod';
import type { ContentStore } from '../../../platform/content/content.ts';
import type { RecipeFiles } from '../../../platform/sandbox/proving.ts';
import type { RecipeRow } from './store.ts';

const Bundle = z.record(z.string(), z.string());

/** A recipe's files as the one content item they are kept in. */
export function bundleBytes(files: Readonly<Record<string, string>>): Uint8Array {
  return utf8(JSON.stringify(Bundle.parse(files)));
}

/** File name → bytes, from base64 as it came in; null where a file is not base64. */
export function decodeFiles(files: Readonly<Record<string, string>>): RecipeFiles | null {
  const decoded: Record<string, Uint8Array> = {};
  for (const [name, text] of Object.entries(files)) {
    const bytes = fromBase64(text);
    if (bytes === null) return null;
    decoded[name] = bytes;
  }
  return decoded;
}

/** The files of a kept recipe. Throws where they were erased: such a recipe cannot be run. */
export async function filesOf(content: ContentStore, recipe: RecipeRow): Promise<RecipeFiles> {
  const text = await content.getText(recipe.bundle_content);
  if (text === null) throw new Error(`the files of recipe ${recipe.name} were erased`);
  const files = decodeFiles(Bundle.parse(JSON.parse(text)));
  if (files === null) throw new Error(`the files of recipe ${recipe.name} are damaged`);
  return files;
}
