import { setTimeout as sleep } from 'node:timers/promises';
import { gateway, type Output, type QuotaLine } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { Json, optionsOf, wholeNumber } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { here, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';

type Usage = Output<typeof gateway.usage>;

const Options = z.object({
  ...Json,
  watch: z.boolean().default(false),
  every: wholeNumber(1, 3_600).default(5),
});

/** `gateway usage`: once, or with --watch again whenever something changed. */
export async function showUsage(given: Given, context: Context): Promise<ExitCode> {
  const { json, watch, every } = optionsOf(Options, given);
  const { terminal, signal } = context;
  const client = sessionFor(given, context);
  const asked = { gkey: argument(given, 0) };
  const params = parse(gateway.usage.params, asked, 'a key of the gateway');
  let last = '';
  for (;;) {
    const usage = await answered(client.call(gateway.usage, { params }));
    const { asOf: _, lines, ...rest } = usage;
    // When more comes moves on by itself, and is no change.
    const now = JSON.stringify([rest, lines.map(({ renewsAt: _at, ...line }) => line)]);
    if (now !== last) {
      if (json) terminal.json(usage);
      else tell(usage, terminal);
    }
    last = now;
    if (!watch) return exitCodes.good;
    await sleep(every * 1_000, undefined, { signal });
  }
}

function tell(usage: Usage, terminal: Terminal): void {
  const { spent, currency, lines, asOf } = usage;
  const money =
    currency === null ? '' : `, ${amountText('costMicros', spent.costMicros, currency)}`;
  const tokens = `${spent.inputTokens} tokens in, ${spent.outputTokens} out`;
  terminal.line(`used       ${spent.requests} requests: ${tokens}${money}`);
  for (const line of lines) terminal.line(lineText(line, currency));
  terminal.line(`as of      ${momentText(asOf, here())}`);
}

const kindWords = {
  requests: 'requests',
  inputTokens: 'tokens in',
  outputTokens: 'tokens out',
  costMicros: 'money',
} as const;

const spanWords = { minute: 'a minute', day: 'a day', grant: 'in all' } as const;

/** `a day      requests    960 left of 1000; 30 used, 10 set aside; more 2026-11-23 …`. */
function lineText(line: QuotaLine, currency: string | null): string {
  const { span, kind, limit, spent, reserved, left, renewsAt } = line;
  const text = (amount: number) => amountText(kind, amount, currency);
  const aside = reserved === 0 ? '' : `, ${text(reserved)} set aside`;
  const more = renewsAt === null ? 'no more comes' : `more ${momentText(renewsAt, here())}`;
  const what = `${spanWords[span].padEnd(10)} ${kindWords[kind].padEnd(11)}`;
  return `${what} ${text(left)} left of ${text(limit)}; ${text(spent)} used${aside}; ${more}`;
}

/** Money as units of its currency with all places, everything else as it is counted. */
function amountText(kind: QuotaLine['kind'], amount: number, currency: string | null): string {
  if (kind !== 'costMicros') return String(amount);
  return `${(amount / 1_000_000).toFixed(6)} ${currency ?? ''}`.trimEnd();
}
