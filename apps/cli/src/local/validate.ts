import { type ValidationRecord, validate } from '@breakwater/runner';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput } from '../files.ts';
import { Json, optionsOf, wholeNumber } from '../options.ts';
import { need } from '../stop.ts';
import type { Terminal } from '../terminal.ts';
import { countOutcomes, inSandbox, sandboxLine, writeStatement } from './sandbox.ts';

const Options = z.object({
  ...Json,
  attempts: wholeNumber(3, 100).default(5),
  signature: z.string().optional(),
  statement: z.string().optional(),
  cache: z.string().optional(),
});

/** `validate`: reproduces a proof of concept; good when the verdict is `reproduced`. */
export async function runValidate(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { attempts, signature, cache } = options;
  const proof = await readInput(argument(given, 1), fileLimits.upload, context.stdin);
  const order = {
    proof,
    attempts,
    ...(signature === undefined ? {} : { expectedSignature: signature }),
  };
  const record = await inSandbox(argument(given, 0), { cache, context }, async (job) =>
    need(await validate({ ...job, ...order })),
  );
  if (options.json) context.terminal.json(record);
  else print(record, context.terminal);
  if (options.statement !== undefined) {
    await writeStatement(options.statement, record, context.terminal);
  }
  return record.judgement.verdict === 'reproduced' ? exitCodes.good : exitCodes.bad;
}

function print(record: ValidationRecord, terminal: Terminal): void {
  const { judgement, builds, failure } = record;
  const { k, n, low, high } = judgement.reproduced;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  terminal.line(`verdict      ${judgement.verdict}`);
  terminal.line(`reproduced   ${k}/${n} (95 % interval ${percent(low)} to ${percent(high)})`);
  terminal.line(`control      ${countOutcomes(record.control)}`);
  terminal.line(`benign       ${countOutcomes(record.benign)}`);
  for (const { code, text } of judgement.reasons) terminal.line(`because      ${text} (${code})`);
  const signature = record.attempts.find((a) => a.outcome === 'fired')?.signature ?? null;
  if (signature !== null) terminal.line(`signature    ${signature}`);
  terminal.line(`target       ${record.recipe.package}: ${record.recipe.title}`);
  if (builds !== null) {
    terminal.line(`versions     ${builds.vulnerable.version}, control ${builds.control.version}`);
  }
  terminal.line(`recipe       ${record.recipe.digest}`);
  terminal.line(`proof        ${record.proof}`);
  terminal.line(`sandbox      ${sandboxLine(record)}`);
  if (failure === null) return;
  terminal.line(`failed       ${failure.detail}`);
  terminal.quote(failure.log, 40);
}
