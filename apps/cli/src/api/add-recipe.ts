import path from 'node:path';
import { validate } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { readRecipe } from '@breakwater/runner';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { optionsOf } from '../options.ts';
import { need } from '../stop.ts';
import { write } from './writing.ts';

/** `recipe add`: read and held against its rules here before it is sent. */
export async function addRecipe(given: Given, context: Context): Promise<ExitCode> {
  const folder = path.resolve(argument(given, 0));
  const options = optionsOf(z.object({ name: z.string().optional() }), given);
  const { files } = need(await readRecipe(folder));
  const name = options.name ?? path.basename(folder);
  const encoded = [...files].map(([file, bytes]) => [file, toBase64(bytes)] as const);
  const body = { name, files: Object.fromEntries(encoded) };
  return await write(validate.addRecipe, { body }, { given, context });
}
