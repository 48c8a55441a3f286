import { engage } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { here, LocalMoment, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';

const Planned = z.union([z.literal('none').transform(() => null), LocalMoment]);
const Options = z.object({ partners: Planned.optional(), general: Planned.optional() });

/** `engage dates`: what was stated; or, with a date, a statement of both as they are from now on. */
export async function dates(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const client = sessionFor(given, context);
  const asked = { engagement: argument(given, 0) };
  const params = parse(engage.dates.params, asked, 'an engagement');
  const { items } = await answered(client.call(engage.dates, { params }));
  const [newest] = items;
  if (options.partners !== undefined || options.general !== undefined) {
    // What is not named stays as it was stated.
    const { partners = newest?.partners ?? null, general = newest?.general ?? null } = options;
    const body = { partners, general };
    return await write(engage.stateDates, { params, body }, { given, context });
  }
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json({ items });
  else {
    const at = (planned: Instant | null) =>
      planned === null ? 'none' : momentText(planned, here());
    for (const { partners, general, statedAt } of items) {
      terminal.line(`stated ${momentText(statedAt, here())}`);
      terminal.line(`  partners   ${at(partners)}`);
      terminal.line(`  general    ${at(general)}`);
    }
    if (items.length === 0) terminal.line('no dates were stated');
  }
  return exitCodes.good;
}
