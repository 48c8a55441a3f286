import { type Terms, terms } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, readInput } from '../../files.ts';
import { optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';

const Options = z.object({ redline: z.boolean().default(false), from: z.string().optional() });

/** `engage terms`: all versions; of one, its text or its redline. */
export async function showTerms(given: Given, context: Context): Promise<ExitCode> {
  const { redline, from } = optionsOf(Options, given);
  const client = sessionFor(given, context);
  const { terminal } = context;
  const isJson = given.options['json'] === true;
  const [engagement, id] = given.args;
  if (id === undefined) {
    const params = parse(terms.list.params, { engagement }, 'an engagement');
    const listed = await answered(client.call(terms.list, { params }));
    if (isJson) terminal.json(listed);
    else for (const each of listed.items) printVersion(each, terminal);
    return exitCodes.good;
  }
  const params = parse(terms.get.params, { engagement, terms: id }, 'a version of terms');
  if (redline || from !== undefined) {
    const query = parse(terms.redline.query, { from }, '--from');
    const changed = await answered(client.call(terms.redline, { params, query }));
    if (isJson) terminal.json(changed);
    else terminal.quote(changed.parts.map(marked).join(''));
    return exitCodes.good;
  }
  const version = await answered(client.call(terms.get, { params }));
  if (isJson) terminal.json(version);
  else {
    printVersion(version, terminal);
    terminal.quote(version.text ?? '(erased)');
  }
  return exitCodes.good;
}

/** As in a plain file: what came between {+ +}, what went between [- -]. */
function marked({ change, text }: { readonly change: string; readonly text: string }): string {
  if (change === 'same') return text;
  return change === 'added' ? `{+${text}+}` : `[-${text}-]`;
}

function printVersion(it: Terms, terminal: Terminal): void {
  const standing = it.inForce ? ', in force' : it.supersededAt === null ? '' : ', superseded';
  terminal.line(`${it.kind} version ${it.version}${standing}`);
  terminal.line(`  terms      ${it.id}`);
  terminal.line(`  proposed   ${it.proposedAt} by ${it.by.name}`);
  terminal.line(`  digest     ${it.digest}`);
  for (const { side, name, title, at } of it.signatures) {
    terminal.line(`  signed     ${at} for the ${side} by ${name ?? '(erased)'}, ${title ?? '–'}`);
  }
}

/** `engage propose`. */
export async function proposeTerms(given: Given, context: Context): Promise<ExitCode> {
  const bytes = await readInput(argument(given, 2), fileLimits.request, context.stdin);
  const params = { engagement: argument(given, 0) };
  const body = { kind: argument(given, 1), text: new TextDecoder().decode(bytes) };
  return await write(terms.propose, { params, body }, { given, context });
}

const SignOptions = z.object({
  name: z.string(),
  title: z.string(),
  digest: z.string().optional(),
});

/** `engage sign`: what is signed is what was shown here. */
export async function signTerms(given: Given, context: Context): Promise<ExitCode> {
  const { name, title, digest } = optionsOf(SignOptions, given);
  const asked = { engagement: argument(given, 0), terms: argument(given, 1) };
  const params = parse(terms.get.params, asked, 'a version of terms');
  const version = await answered(sessionFor(given, context).call(terms.get, { params }));
  const shown = await digestOfText(version.text ?? '');
  if (digest !== undefined && digest !== shown) throw new Stop(differs(digest, shown));
  if (given.options['json'] !== true) {
    printVersion(version, context.terminal);
    context.terminal.quote(version.text ?? '');
  }
  const body = { name, title, digest: shown };
  return await write(terms.sign, { params, body }, { given, context });
}

/** Computed here: the server's word for it is not what a person signs. */
async function digestOfText(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `sha256:${Buffer.from(hash).toString('hex')}`;
}

function differs(expected: string, got: string) {
  return {
    code: 'digest-differs',
    expected,
    got,
    todo: 'read the text again, and sign what you read',
  };
}
