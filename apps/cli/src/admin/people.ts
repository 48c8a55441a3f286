import { directory } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { Json, optionsOf } from '../options.ts';
import { act } from './admin.ts';

const LinkOptions = z.object({
  ...Json,
  party: z.string().optional(),
  member: z.string().optional(),
  name: z.string().optional(),
  role: z.string().optional(),
});

/** `admin link`: for a member, into a party, or for a new one; alone, for a new coordinator. */
export async function makeLink(given: Given, context: Context): Promise<ExitCode> {
  const { party, member, name, role } = optionsOf(LinkOptions, given);
  const founding = party === undefined && member === undefined;
  const newParty = { role: role ?? 'coordinator', ...(name === undefined ? {} : { name }) };
  const body = {
    ...(party === undefined ? {} : { party }),
    ...(member === undefined ? {} : { member }),
    ...(founding || name !== undefined || role !== undefined ? { newParty } : {}),
  };
  const code = await act(directory.makeLink, { body }, { given, context });
  context.terminal.say('the link is shown this once and works once; whoever opens it is let in');
  return code;
}

/** `admin member list`. */
export async function listMembers(given: Given, context: Context): Promise<ExitCode> {
  const { party, after, limit } = given.options;
  return await act(directory.listMembers, { query: { party, after, limit } }, { given, context });
}

/** `admin member remove`. */
export async function removeMember(given: Given, context: Context): Promise<ExitCode> {
  const params = { member: argument(given, 0) };
  return await act(directory.removeMember, { params }, { given, context });
}
