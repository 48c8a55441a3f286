import { engage } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import { here, LocalMoment } from '../claim/moments.ts';
import { write } from '../writing.ts';

const Options = z.object({
  wants: z.string().default('both'),
  zone: z.string().optional(),
  model: z.string().optional(),
  openWeight: z.boolean().default(false),
  partners: LocalMoment.optional(),
  general: LocalMoment.optional(),
  hosting: z.string().optional(),
  contacts: z.string().optional(),
  endpoint: z.array(z.string()).default([]),
  see: z.array(z.string()).default([]),
  government: z.string().optional(),
});

/** `engage open`. */
export async function openEngagement(given: Given, context: Context): Promise<ExitCode> {
  const { endpoint, see, partners = null, general = null, ...stated } = optionsOf(Options, given);
  const body = {
    codename: argument(given, 0),
    ...stated,
    zone: stated.zone ?? here().zone,
    ...(partners === null && general === null ? {} : { dates: { partners, general } }),
    ...(endpoint.length === 0 ? {} : { endpoints: endpoint.map(endpointOf) }),
    seers: see.map(seerOf),
  };
  return await write(engage.open, { body }, { given, context });
}

function endpointOf(text: string) {
  const [url, name] = inTwo(text, '--endpoint: an address and a name with a space between');
  return { url, name };
}

function seerOf(text: string) {
  const [party, level] = inTwo(text, '--see: the id of a party and a level with a space between');
  return { party, level };
}

function inTwo(text: string, expected: string): readonly [string, string] {
  const [, first, second] = /^(\S+)\s+(.+)$/.exec(text.trim()) ?? [];
  if (first !== undefined && second !== undefined) return [first, second];
  const todo = 'put both between quotes, such as "https://models.example/v1 heron-4"';
  throw new Stop({ code: 'option-malformed', expected, got: JSON.stringify(text), todo });
}
