import { type Client, type GatewayKey, gateway } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { Json, optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import { here, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';

const Options = z.object({
  ...Json,
  reason: z.string().optional(),
  dryRun: z.boolean().default(false),
});

/** More pages than that are more keys than anybody can have. */
const pagesMax = 500;

/** `gateway cut`: at once; with --dry-run it says what would stop, and nothing is done. */
export async function cutOff(given: Given, context: Context): Promise<ExitCode> {
  const { json, reason, dryRun } = optionsOf(Options, given);
  const { terminal } = context;
  const client = sessionFor(given, context);
  const of = parse(gateway.cut.body.shape.of, argument(given, 0), 'what is cut off');
  if (dryRun) {
    const keys = await stoppedBy(client, of);
    if (json) terminal.json({ of, keys: keys.map(({ id }) => id) });
    else for (const key of keys) terminal.line(keyLine(key));
    const would = keys.length === 1 ? '1 key' : `${keys.length} keys`;
    terminal.say(`${would} would stop; nothing was cut off`);
    return exitCodes.good;
  }
  if (reason === undefined) throw new Stop(noReason);
  const body = parse(gateway.cut.body, { of, reason }, 'the request');
  const done = await answered(client.call(gateway.cut, { body }));
  if (json) terminal.json(done);
  else {
    terminal.line(`${done.cut}  cut off ${momentText(done.at, here())}`);
    terminal.say(`taken back with: breakwater gateway lift-cut ${done.cut}`);
  }
  return exitCodes.good;
}

/** The keys that a cut-off stops, of those that the caller sees and that work now. */
async function stoppedBy(client: Client, of: string): Promise<readonly GatewayKey[]> {
  const keys: GatewayKey[] = [];
  let after: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const query = { limit: 200, ...(after === undefined ? {} : { after }) };
    const { items, next } = await answered(client.call(gateway.keys, { query }));
    keys.push(...items.filter((key) => key.active && isUnder(key, of)));
    if (next === null) return keys;
    after = next;
  }
  return keys;
}

function isUnder({ id, holder, party, of, model }: GatewayKey, cut: string): boolean {
  return [id, holder.id, party.id, of, model].some((each) => each === cut);
}

function keyLine({ id, name, holder, party, until }: GatewayKey): string {
  const who = `${holder.name ?? '(erased)'} (${party.name})`;
  return `${id}  ${name ?? '(erased)'}, ${who}, until ${momentText(until, here())}`;
}

const noReason = {
  code: 'option-missing',
  expected: '--reason, which whoever is cut off reads',
  got: 'none',
  todo: 'say it in a sentence; or ask with --dry-run what would stop',
} as const;
