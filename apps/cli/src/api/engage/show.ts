import { type Engagement, engage, type Owed } from '@breakwater/contract';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { Terminal } from '../../terminal.ts';
import { type Here, here, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';

/** `engage show`. */
export async function showEngagement(given: Given, context: Context): Promise<ExitCode> {
  const params = parse(engage.get.params, { engagement: argument(given, 0) }, 'an engagement');
  const found = await answered(sessionFor(given, context).call(engage.get, { params }));
  if (given.options['json'] === true) context.terminal.json(found);
  else print(found, context.terminal);
  return exitCodes.good;
}

function print(it: Engagement, terminal: Terminal): void {
  // Hours as the developer's days are counted.
  const clock = { ...here(), zone: it.zone };
  const at = (instant: Engagement['leftAt']) =>
    instant === null ? '–' : momentText(instant, clock);
  terminal.line(it.codename ?? '(erased)');
  terminal.line(`  engagement ${it.id}`);
  terminal.line(`  model      ${it.model}`);
  terminal.line(`  developer  ${it.developer.name}`);
  terminal.line(`  government ${it.government.name}`);
  terminal.line(`  wants      ${it.wants}`);
  terminal.line(`  opened     ${at(it.openedAt)}`);
  terminal.line(`  partners   ${at(it.dates?.partners ?? null)}`);
  terminal.line(`  general    ${at(it.dates?.general ?? null)}`);
  terminal.line(`  released   ${at(it.releasedAt)}`);
  terminal.line(`  left       ${at(it.leftAt)}`);
  if (it.outside !== null) terminal.line(`  note       ${it.outside.said} (${it.outside.source})`);
  if (it.hosting !== null) terminal.line(`  hosting    ${it.hosting}`);
  if (it.contacts !== null) terminal.line(`  contacts   ${it.contacts}`);
  for (const { url, name } of it.endpoints ?? []) terminal.line(`  endpoint   ${url} ${name}`);
  for (const { kind, inForce, proposed } of it.terms) {
    const standing = inForce === null ? 'none in force' : `in force ${inForce}`;
    terminal.line(`  terms      ${kind}: ${standing}${proposed ? `, proposed ${proposed}` : ''}`);
  }
  for (const each of it.owed) terminal.line(`  owed       ${owedText(each, clock)}`);
}

function owedText({ what, side, kind, about, since, doneAt }: Owed, clock: Here): string {
  const thing = [kind, about].filter((word) => word !== null).join(' ');
  const when =
    doneAt === null ? `since ${momentText(since, clock)}` : `done ${momentText(doneAt, clock)}`;
  return `${what}${thing === '' ? '' : ` (${thing})`} by the ${side}, ${when}`;
}
