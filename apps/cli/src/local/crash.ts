import { type Crash, readCrash, signatureOf } from '@breakwater/correlation';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput } from '../files.ts';
import { Json, optionsOf } from '../options.ts';
import { need } from '../stop.ts';
import type { Terminal } from '../terminal.ts';

const Options = z.object({ ...Json, target: z.string().max(200).optional() });

/** `crash`: reads a crash report. */
export async function runCrash(given: Given, context: Context): Promise<ExitCode> {
  const { json, target } = optionsOf(Options, given);
  const bytes = await readInput(argument(given, 0), fileLimits.text, context.stdin);
  const text = new TextDecoder().decode(bytes);
  const crash = need(readCrash(text, target === undefined ? {} : { target }));
  if (json) context.terminal.json({ ...crash, signature: signatureOf(crash) });
  else print(crash, context.terminal);
  return exitCodes.good;
}

function print(crash: Crash, terminal: Terminal): void {
  const { address, tool, type, security, state, frames, skipped } = crash;
  terminal.line(`type         ${type}${address === undefined ? '' : ` at ${address}`}`);
  terminal.line(`security     ${security ? 'yes, by the kind of crash' : 'no'}`);
  terminal.line(`tool         ${tool}`);
  terminal.line(`signature    ${signatureOf(crash)}`);
  for (const line of state) terminal.line(`state        ${line}`);
  for (const frame of frames) {
    const where = frame.file ?? frame.module ?? 'unknown place';
    const line = frame.line === undefined ? '' : `:${frame.line}`;
    terminal.line(`  #${frame.index}  ${frame.function ?? '(no symbol)'}  ${where}${line}`);
  }
  for (const { index, text, reason } of skipped) {
    terminal.line(`skipped      #${index} ${text} (${reason})`);
  }
}
