import { createHash } from 'node:crypto';
import path from 'node:path';
import { type AccessGrant, earlyAccess } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, openSource } from '../../files.ts';
import { optionsOf } from '../../options.ts';
import { here, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';

/** `grant list`. */
export async function listGrants(given: Given, context: Context): Promise<ExitCode> {
  const { after, limit } = given.options;
  const query = parse(earlyAccess.grants.query, { after, limit }, 'an option');
  const page = await answered(sessionFor(given, context).call(earlyAccess.grants, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(page);
  else {
    for (const grant of page.items) terminal.line(grantLine(grant));
    if (page.next !== null) terminal.say(`more with --after ${page.next}`);
  }
  return exitCodes.good;
}

/** `grant show`. Good where it is active. */
export async function showGrant(given: Given, context: Context): Promise<ExitCode> {
  const asked = { grant: argument(given, 0) };
  const params = parse(earlyAccess.grant.params, asked, 'a grant');
  const grant = await answered(sessionFor(given, context).call(earlyAccess.grant, { params }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(grant);
  else {
    terminal.line(grantLine(grant));
    for (const { protection, terms, acceptedAt } of grant.protections) {
      const accepted =
        acceptedAt === null ? 'not accepted' : `accepted ${momentText(acceptedAt, here())}`;
      terminal.line(`  ${protection.padEnd(21)} ${terms ?? 'no terms yet'}, ${accepted}`);
    }
    const { uses, calls, exports, owed } = grant;
    terminal.line(`  used                  ${uses} times, ${calls} calls, ${exports} exports`);
    if (owed !== null)
      terminal.line(`  owed                  by ${momentText(owed.dueAt, here())}`);
  }
  return grant.active ? exitCodes.good : exitCodes.bad;
}

/** `grant revoke`. */
export async function revokeGrant(given: Given, context: Context): Promise<ExitCode> {
  const params = { grant: argument(given, 0) };
  return await write(earlyAccess.revoke, { params, body: {} }, { given, context });
}

const ExportOptions = z.object({
  what: z.string().optional(),
  to: z.string(),
  purpose: z.string(),
});

/** `grant export`. */
export async function recordExport(given: Given, context: Context): Promise<ExitCode> {
  const { what, to, purpose } = optionsOf(ExportOptions, given);
  const file = argument(given, 1);
  const hash = createHash('sha256');
  const source = await openSource(file, fileLimits.text, context.stdin);
  for await (const chunk of source.chunks()) hash.update(chunk);
  const params = { use: argument(given, 0) };
  const digest = `sha256:${hash.digest('hex')}`;
  const body = { what: what ?? path.basename(file), digest, bytes: source.size, to, purpose };
  return await write(earlyAccess.recordExport, { params, body }, { given, context });
}

/** Who, and whether it is active or what is missing. */
export function grantLine(grant: AccessGrant): string {
  const { id, member, active, until, missing, owed } = grant;
  const names = missing.map(({ what, protection }) =>
    protection === null ? what : `${what} ${protection}`,
  );
  const how =
    active && until !== null ? `active until ${momentText(until, here())}` : names.join(', ');
  const owes = owed === null ? '' : `; owed by ${momentText(owed.dueAt, here())}`;
  return `${id}  ${member.name ?? '(erased)'} (${member.party.name}): ${how}${owes}`;
}
