import { engage } from '@breakwater/contract';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { writeNew } from '../../files.ts';
import { optionsOf } from '../../options.ts';
import { answered, sessionFor } from '../session.ts';

/** `engage before`. */
export async function before(given: Given, context: Context): Promise<ExitCode> {
  const { out } = optionsOf(z.object({ out: z.string().optional() }), given);
  const client = sessionFor(given, context);
  const { terminal } = context;
  if (out !== undefined) {
    await writeNew(out, await answered(client.download(engage.beforePack)));
    terminal.say(`written to ${out}`);
    return exitCodes.good;
  }
  const page = await answered(client.call(engage.before));
  if (given.options['json'] === true) {
    terminal.json(page);
    return exitCodes.good;
  }
  for (const { title, statements } of page.sections) {
    terminal.line(title);
    for (const { text, source } of statements) terminal.line(`  - ${text} [${source}]`);
  }
  terminal.line(`Statutes, as of ${page.asOf.slice(0, 10)}`);
  for (const { name, citation, until, says, source } of page.statutes) {
    const last = until === null ? '' : `, until ${until}`;
    terminal.line(`  - ${name} (${citation}${last}). ${says} [${source}]`);
  }
  return exitCodes.good;
}
