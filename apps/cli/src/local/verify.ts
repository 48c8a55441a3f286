import path from 'node:path';
import { type PatchRecord, verifyPatch } from '@breakwater/runner';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput, readRegular } from '../files.ts';
import { Json, optionsOf, wholeNumber } from '../options.ts';
import { need } from '../stop.ts';
import type { Terminal } from '../terminal.ts';
import { countOutcomes, inSandbox, sandboxLine, writeStatement } from './sandbox.ts';

const Options = z.object({
  ...Json,
  proof: z.array(z.string()).min(1).max(500, 'at most 500 proofs'),
  attempts: wholeNumber(1, 100).default(3),
  statement: z.string().optional(),
  cache: z.string().optional(),
});

/** `verify`: verifies a patch; good when the verdict is `verified`. */
export async function runVerify(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const patch = await readInput(argument(given, 1), fileLimits.upload, context.stdin);
  const proofs: { name: string; bytes: Uint8Array }[] = [];
  for (const file of options.proof) {
    const bytes = await readRegular(file, fileLimits.upload);
    proofs.push({ name: path.basename(file), bytes });
  }
  const { attempts, cache } = options;
  const record = await inSandbox(argument(given, 0), { cache, context }, async (job) =>
    need(await verifyPatch({ ...job, patch, proofs, attempts })),
  );
  if (options.json) context.terminal.json(record);
  else print(record, context.terminal);
  if (options.statement !== undefined) {
    await writeStatement(options.statement, record, context.terminal);
  }
  return record.judgement.verdict === 'verified' ? exitCodes.good : exitCodes.bad;
}

function print(record: PatchRecord, terminal: Terminal): void {
  const { judgement, matrix, tests } = record;
  terminal.line(`verdict      ${judgement.verdict}`);
  for (const { code, text } of judgement.reasons) terminal.line(`because      ${text} (${code})`);
  const width = Math.max(5, ...matrix.map(({ name }) => name.length));
  const row = (cells: readonly [string, string, string]) =>
    terminal.line(`  ${cells[0].padEnd(width)}  ${cells[1].padEnd(24)}  ${cells[2]}`);
  if (matrix.length > 0) row(['proof', 'without the patch', 'with the patch']);
  for (const { name, unpatched, patched } of matrix) {
    row([name, countOutcomes(unpatched), countOutcomes(patched)]);
  }
  terminal.line(`benign       ${countOutcomes(record.benign)}`);
  const testLine =
    tests === null
      ? 'none in the recipe'
      : `${tests.patched.outcome}, ${tests.patched.passed} passed with the patch; ` +
        `${tests.unpatched.outcome}, ${tests.unpatched.passed} passed without`;
  terminal.line(`tests        ${testLine}`);
  terminal.line(`target       ${record.recipe.package} ${record.version}: ${record.recipe.title}`);
  terminal.line(`patch        ${record.patch}`);
  terminal.line(`recipe       ${record.recipe.digest}`);
  terminal.line(`sandbox      ${sandboxLine(record)}`);
  if (record.failureLog !== '') terminal.quote(record.failureLog, 40);
}
