import { partners } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';
import { inTwo } from './in-two.ts';

const Options = z.object({
  asks: z.string(),
  organization: z.string(),
  sector: z.string(),
  size: z.string(),
  region: z.string(),
  purpose: z.string(),
  contact: z.array(z.string()).default([]),
  meets: z.array(z.string()).default([]),
  mail: z.string().optional(),
  helpedBy: z.string().optional(),
  helper: z.string().optional(),
  nomination: z.string().optional(),
});

/** `partners apply`: under the criteria that stand now, which it reads first. */
export async function applyFor(given: Given, context: Context): Promise<ExitCode> {
  const { contact, meets, ...said } = optionsOf(Options, given);
  const session = sessionFor(given, context);
  const { newest } = await answered(session.call(partners.criteria));
  const body = {
    tier: argument(given, 0),
    ...said,
    criteriaVersion: newest,
    contacts: contact.map(contactOf),
    meets: meets.map((text) => {
      const [criterion, how] = inTwo(text, '--meets');
      return { criterion, how };
    }),
  };
  return await write(partners.apply, { body }, { given, context });
}

function contactOf(text: string) {
  const [name, how] = inTwo(text, '--contact');
  return how.includes('@') ? { name, mail: how } : { name, phone: how };
}
