import { wishes } from '@breakwater/contract';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, readInput } from '../../files.ts';
import { here, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';

/** `repository show`. */
export async function showRepository(given: Given, context: Context): Promise<ExitCode> {
  const query = parse(wishes.repository.query, { target: argument(given, 0) }, 'the target');
  const found = await answered(sessionFor(given, context).call(wishes.repository, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) {
    terminal.json(found);
    return exitCodes.good;
  }
  for (const name of found.names) terminal.line(name);
  for (const { from, to, by, at, reason } of found.renames) {
    terminal.line(`  renamed    ${from} to ${to}, by ${by.name}, ${momentText(at, here())}`);
    if (reason !== null) terminal.quote(reason);
  }
  const { order } = found;
  if (order === null) terminal.line('  commits    nobody told their order: ranges count as met');
  else {
    const { commits, first, last, by, at } = order;
    terminal.line(`  commits    ${commits}, ${first.slice(0, 12)} to ${last.slice(0, 12)}`);
    terminal.line(`             of ${order.repository}, by ${by.name}, ${momentText(at, here())}`);
  }
  return exitCodes.good;
}

/** `repository rename`. */
export async function renameRepository(given: Given, context: Context): Promise<ExitCode> {
  const [from, to] = [argument(given, 0), argument(given, 1)];
  const body = { from, to, reason: given.options['reason'] };
  return await write(wishes.renameRepository, { body }, { given, context });
}

/** `repository withdraw-rename`. */
export async function withdrawRename(given: Given, context: Context): Promise<ExitCode> {
  const body = { from: argument(given, 0), reason: given.options['reason'] };
  return await write(wishes.withdrawRename, { body }, { given, context });
}

/** `repository order`. */
export async function orderCommits(given: Given, context: Context): Promise<ExitCode> {
  const bytes = await readInput(argument(given, 1), fileLimits.upload, context.stdin);
  const commits = new TextDecoder()
    .decode(bytes)
    .split(/\s+/)
    .filter((word) => word !== '');
  const body = { repository: argument(given, 0), commits };
  return await write(wishes.orderCommits, { body }, { given, context });
}
