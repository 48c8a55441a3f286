import { bundleBytesMax } from '@breakwater/benchmark/outcome';
import { designate } from '@breakwater/contract';
import { fromUtf8, utf8 } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, readInput, writeNew } from '../../files.ts';
import { optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import { jsonOf, parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';

/** `designate bundle`: the one small file that leaves a system apart. */
export async function bundle(given: Given, context: Context): Promise<ExitCode> {
  const { out } = optionsOf(z.object({ out: z.string() }), given);
  const asked = { determination: argument(given, 0) };
  const params = parse(designate.bundle.params, asked, 'a determination');
  const client = sessionFor(given, context);
  const { bundle: text } = await answered(client.call(designate.bundle, { params, body: {} }));
  await writeNew(out, utf8(text));
  if (given.options['json'] === true) context.terminal.json({ ...params, out });
  else context.terminal.quote(text);
  return exitCodes.good;
}

/** `designate take-in`. */
export async function takeIn(given: Given, context: Context): Promise<ExitCode> {
  const bytes = await readInput(argument(given, 0), bundleBytesMax, context.stdin);
  return await write(designate.takeIn, { body: { bundle: textOf(bytes) } }, { given, context });
}

/** `designate register-rule`. */
export async function registerRule(given: Given, context: Context): Promise<ExitCode> {
  const { see } = optionsOf(z.object({ see: z.array(z.string()).default([]) }), given);
  const bytes = await readInput(argument(given, 0), fileLimits.request, context.stdin);
  const body = { document: jsonOf(bytes), seers: see };
  return await write(designate.registerRule, { body }, { given, context });
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new Stop({
      code: 'bundle-malformed',
      expected: 'a bundle, as text',
      got: 'bytes that are no UTF-8',
      todo: 'carry over the file as it was written',
    });
  }
}
