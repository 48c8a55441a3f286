import { type Fairness, type FairnessLine, partners } from '@breakwater/contract';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf, wholeNumber } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';

/** `partners criteria`. */
export async function showCriteria(given: Given, context: Context): Promise<ExitCode> {
  const Options = z.object({ versionNumber: wholeNumber(0, 100_000).optional() });
  const { versionNumber: version } = optionsOf(Options, given);
  const query = version === undefined ? {} : { version };
  const found = await answered(sessionFor(given, context).call(partners.criteria, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) {
    terminal.json(found);
    return exitCodes.good;
  }
  const head = found.draft ? 'a draft of this installation' : `since ${found.publishedAt ?? '–'}`;
  terminal.line(`version ${found.version}, ${head}`);
  for (const { id, words, judgedBy, shownBy, appliesTo } of found.criteria) {
    terminal.line();
    terminal.line(`${id}  (${appliesTo.join(', ')})`);
    terminal.line(`  ${words}`);
    terminal.line(`  judged by  ${judgedBy}`);
    terminal.line(`  shown by   ${shownBy}`);
  }
  return exitCodes.good;
}

/** `partners fairness`. */
export async function showFairness(given: Given, context: Context): Promise<ExitCode> {
  const { quarter } = optionsOf(z.object({ quarter: z.string().optional() }), given);
  const wish = quarter === undefined ? {} : { quarter };
  const query = parse(partners.fairness.query, wish, 'a quarter');
  const found = await answered(sessionFor(given, context).call(partners.fairness, { query }));
  if (given.options['json'] === true) context.terminal.json(found);
  else print(found, context.terminal);
  return exitCodes.good;
}

function print(found: Fairness, terminal: Terminal): void {
  const { quarter, total, least } = found;
  if (quarter === null) terminal.line('no quarter is over yet');
  else terminal.line(`${quarter}, applications that came to their end`);
  if (quarter !== null && total === null) terminal.line(`fewer than ${least}: nothing is told`);
  if (total === null) return;
  terminal.line(`${'all'.padEnd(30)} ${figures(total)}`);
  for (const by of ['sectors', 'sizes', 'regions'] as const) {
    terminal.line();
    terminal.line(`by ${by}`);
    for (const line of found[by]) terminal.line(`  ${nameOf(line).padEnd(28)} ${figures(line)}`);
  }
  terminal.line();
  terminal.line(`– is not told: fewer than ${least}, or another could be computed by it`);
}

function nameOf({ group, groups }: FairnessLine): string {
  return group ?? `${groups} others together`;
}

function figures(line: FairnessLine): string {
  const { applications, accepted, declined, appealed, late, daysMedian } = line;
  const said = { applications, accepted, declined, appealed, late, days: daysMedian };
  return Object.entries(said)
    .map(([name, value]) => `${name} ${value ?? '–'}`)
    .join('  ');
}
