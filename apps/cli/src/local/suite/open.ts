import { stat } from 'node:fs/promises';
import {
  commitmentTo,
  openItem,
  proveMembership,
  readItem,
  readSealed,
  type SealedSuite,
  sealedBytesMax,
} from '@breakwater/benchmark';
import { utf8 } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { readRegular, writeNew } from '../../files.ts';
import { Json, optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import { sealedBeside } from './commit.ts';

const Options = z.object({
  ...Json,
  hidden: z.boolean().default(false),
  to: z.string().optional(),
});

/** `benchmark open`: one item with what proves it, or the proof alone. */
export async function runBenchmarkOpen(given: Given, context: Context): Promise<ExitCode> {
  const { hidden, to } = optionsOf(Options, given);
  const file = await sealedFile(argument(given, 0));
  const sealed = need(readSealed(await readRegular(file, sealedBytesMax)));
  const place = placeOf(sealed, argument(given, 1));
  const shown = hidden
    ? await proveMembership(commitmentTo(sealed), place)
    : await openItem(sealed, place);
  const text = `${JSON.stringify(shown)}\n`;
  if (to === undefined) context.terminal.bytes(utf8(text));
  else await writeNew(to, text);
  return exitCodes.good;
}

async function sealedFile(name: string): Promise<string> {
  const status = await stat(name).catch(() => null);
  return status?.isDirectory() === true ? sealedBeside(name) : name;
}

function placeOf(sealed: SealedSuite, wanted: string): number {
  const names = sealed.items.map(({ item }) => need(readItem(item)).task.name);
  const named = names.indexOf(wanted);
  const place = named === -1 && /^\d{1,6}$/.test(wanted) ? Number(wanted) : named;
  if (sealed.items[place] !== undefined) return place;
  throw new Stop({
    code: 'item-unknown',
    expected: `the name of a task of the suite, or a place from 0 to ${names.length - 1}`,
    got: wanted,
    todo: 'look into its suite.json',
  });
}
