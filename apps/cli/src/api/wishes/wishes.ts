import { type QuietPeriod, WeaknessId, type Wishes, weekdays, wishes } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, readInput } from '../../files.ts';
import { optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { spanOf, weeklyOf } from '../authorization/weekly.ts';
import { type Here, here, LocalMoment, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';

const texts = z.array(z.string()).default([]);

const SetOptions = z.object({
  optOut: z.union([z.boolean(), z.string()]).optional(),
  quiet: texts,
  quietOnce: texts,
  quietYearly: texts,
  zone: z.string().optional(),
  channel: texts,
  policy: texts,
  showPace: z.boolean().default(false),
  threatModel: z.string().optional(),
  notAVulnerability: texts,
});

/** `wishes set`. */
export async function setWishes(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(SetOptions, given);
  const { optOut, threatModel } = options;
  const zone = options.zone ?? here().zone;
  const body = {
    target: argument(given, 0),
    optOut: optOut === undefined ? null : { words: typeof optOut === 'string' ? optOut : null },
    quiet: [
      ...options.quiet.map((text) => weekly(text, zone)),
      ...options.quietOnce.map((text) => ({ kind: 'once', ...spanOf(text), zone })),
      ...options.quietYearly.map((text) => yearly(text, zone)),
    ],
    showPace: options.showPace,
    channels: options.channel.map(channelOf),
    policies: options.policy,
    threatModel: threatModel === undefined ? null : await textOf(threatModel, context),
    notVulnerabilities: options.notAVulnerability.map(notVulnerability),
  };
  return await write(wishes.stateWishes, { body }, { given, context });
}

/** `wishes show`. */
export async function showWishes(given: Given, context: Context): Promise<ExitCode> {
  const query = parse(wishes.wishes.query, { target: argument(given, 0) }, 'the target');
  const found = await answered(sessionFor(given, context).call(wishes.wishes, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) {
    terminal.json(found);
    return exitCodes.good;
  }
  terminal.line(found.target);
  for (const each of found.items) printWishes(each, here(), terminal);
  for (const { program, scopes } of found.programs) {
    terminal.line(
      `program      ${program.name} (by ${program.source.name}); by itself nobody's leave`,
    );
    for (const { written, says } of scopes.slice(0, 20))
      terminal.line(`  ${says.padEnd(10)} ${written}`);
    if (program.policy !== null) terminal.line(`  policy     ${program.policy}`);
  }
  for (const { advisory, at, from } of found.audits) {
    terminal.line(
      `audited      the fix of ${advisory} held, ${momentText(at, here())}, by ${from}`,
    );
  }
  if (found.items.length + found.programs.length === 0) terminal.line('no wishes are known for it');
  return exitCodes.good;
}

/** `wishes list`. */
export async function listWishes(given: Given, context: Context): Promise<ExitCode> {
  const { after, limit } = given.options;
  const query = parse(wishes.listWishes.query, { after, limit }, 'a query option');
  const page = await answered(sessionFor(given, context).call(wishes.listWishes, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(page);
  else {
    for (const each of page.items) {
      terminal.line(each.target);
      printWishes(each, here(), terminal);
    }
    if (page.items.length === 0) terminal.line('you have stated no wishes');
    if (page.next !== null) terminal.say(`there is more: add --after ${page.next}`);
  }
  return exitCodes.good;
}

/** `wishes withdraw`. */
export async function withdrawWishes(given: Given, context: Context): Promise<ExitCode> {
  const params = { wishes: argument(given, 0) };
  const body = { reason: given.options['reason'] };
  return await write(wishes.withdrawWishes, { params, body }, { given, context });
}

/** `wishes import`: kept for a target, or only shown. */
export async function importWishes(given: Given, context: Context): Promise<ExitCode> {
  const { form, from, target } = given.options;
  const file = await fileOf(given, context);
  if (target === undefined) {
    return await write(wishes.previewWishes, { body: { form, from, file } }, { given, context });
  }
  return await write(
    wishes.importWishes,
    { body: { target, form, from, file } },
    { given, context },
  );
}

/** `programs import`. */
export async function importPrograms(given: Given, context: Context): Promise<ExitCode> {
  const { at } = optionsOf(z.object({ at: LocalMoment.optional() }), given);
  const { format, source, license, from } = given.options;
  const file = await fileOf(given, context);
  const told = { format, file, source, license, at: at ?? here().now };
  const body = from === undefined ? told : { ...told, from };
  return await write(wishes.importPrograms, { body }, { given, context });
}

async function fileOf(given: Given, context: Context): Promise<string> {
  return toBase64(await readInput(argument(given, 0), fileLimits.upload, context.stdin));
}

async function textOf(path: string, context: Context): Promise<string> {
  return new TextDecoder().decode(await readInput(path, fileLimits.upload, context.stdin));
}

function weekly(text: string, zone: string) {
  const { days, ...times } = weeklyOf(text);
  return { kind: 'weekly', days: days.map((day) => weekdays[day - 1]), ...times, zone };
}

function yearly(text: string, zone: string) {
  const [from, until] = text.split('/');
  return { kind: 'yearly', from, until, zone };
}

function channelOf(text: string) {
  if (text === 'here') return { kind: 'here', address: null };
  const [, kind, address] = /^(mail|web|phone):(.+)$/.exec(text) ?? [];
  if (kind !== undefined) return { kind, address };
  throw new Stop({
    code: 'option-malformed',
    expected: '--channel: here, or mail:, web: or phone: with an address',
    got: text,
    todo: 'such as --channel mail:security@example.org',
  });
}

/** A class first, then a path with a slash or a star, then words; the first two may be left out. */
function notVulnerability(text: string) {
  const parts = text.trim().split(/\s+/);
  const weakness = WeaknessId.safeParse(parts[0]).success ? (parts.shift() ?? null) : null;
  const path = /[*/]/.test(parts[0] ?? '') ? (parts.shift() ?? null) : null;
  return { weakness, path, words: parts.join(' ') };
}

/** One statement of wishes, for a person. */
export function printWishes(it: Wishes, at: Here, terminal: Terminal): void {
  const row = (name: string, text: string) => terminal.line(`  ${name.padEnd(10)} ${text}`);
  row('wishes', `${it.id}, ${it.state}, by ${it.source.by.name} (${it.source.form})`);
  if (it.optOut !== null)
    row('OPT-OUT', `since ${momentText(it.optOut.since, at)}: do not look at it`);
  if (it.optOut?.words != null) terminal.quote(it.optOut.words);
  if (it.quietUntil !== null) row('QUIET NOW', `until ${momentText(it.quietUntil, at)}`);
  for (const period of it.quiet) row('quiet', quietWords(period, at));
  for (const { kind, address } of it.channels) row('reach', `${kind} ${address ?? ''}`.trim());
  for (const policy of it.policies) row('policy', policy);
  if (it.pace !== null) {
    const { capacityPerWeek, paused } = it.pace;
    row('pace', paused ? 'paused' : `${capacityPerWeek ?? 'any number of'} cases a week`);
  }
  for (const { weakness, path, words } of it.notVulnerabilities) {
    row('is none', [weakness, path, words].filter((part) => part !== null).join(' '));
  }
  for (const text of [it.threatModel, it.quoted]) if (text !== null) terminal.quote(text, 20);
}

function quietWords(period: QuietPeriod, at: Here): string {
  switch (period.kind) {
    case 'once':
      return `${momentText(period.from, at)} to ${momentText(period.until, at)}`;
    case 'weekly':
      return `${period.days.join(', ')} ${period.from} to ${period.until} (${period.zone})`;
    case 'yearly':
      return `each year ${period.from} to ${period.until} (${period.zone})`;
  }
}
