import { distribute, type Notice } from '@breakwater/contract';
import type { Context, Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { parse } from './request.ts';
import { answered, sessionFor } from './session.ts';

/** `notices`: each card as its operator must read it. */
export async function showNotices(given: Given, context: Context): Promise<ExitCode> {
  const client = sessionFor(given, context);
  const { terminal } = context;
  const json = given.options['json'] === true;
  const [id] = given.args;
  if (id !== undefined) {
    const params = parse(distribute.notice.params, { notice: id }, 'a notice');
    const notice = await answered(client.call(distribute.notice, { params }));
    if (json) terminal.json(notice);
    else printNotice(notice, terminal);
    return exitCodes.good;
  }
  const { after, limit } = given.options;
  const query = parse(distribute.listNotices.query, { after, limit }, 'a query option');
  const page = await answered(client.call(distribute.listNotices, { query }));
  if (json) terminal.json(page);
  else {
    for (const notice of page.items) printNotice(notice, terminal);
    if (page.items.length === 0) terminal.line('no notices: nothing to do');
    if (page.next !== null) terminal.say(`there is more: add --after ${page.next}`);
  }
  return exitCodes.good;
}

function printNotice({ id, status, inventory, card }: Notice, terminal: Terminal): void {
  terminal.line(card.headline);
  terminal.line(`  notice     ${id} (${status}), ${inventory.name}, advisory ${card.advisory}`);
  terminal.line(`  why        ${card.why}`);
  terminal.line(`  by         ${card.dueAt ?? 'with the next scheduled update'}`);
  for (const line of card.dueBecause.split('\n')) terminal.line(`             ${line}`);
  for (const { component, version, fixed, reason, path } of card.where) {
    const place = path === null ? '' : ` at ${path}`;
    terminal.line(
      `  where      ${component} ${version}, fixed in ${fixed ?? 'no version'}${place}`,
    );
    terminal.line(`             ${reason}`);
  }
  for (const [index, { text, command }] of card.steps.entries()) {
    terminal.line(`  ${index + 1}. ${text}`);
    if (command !== null) terminal.quote(command);
  }
  if (card.patch !== null) {
    const { id: patch, sha256 } = card.patch;
    terminal.line(`  patch      ${sha256}; get it with: breakwater verify file ${patch}`);
  }
  terminal.line(`  then       breakwater receipt ${id} done`);
  terminal.line();
}
