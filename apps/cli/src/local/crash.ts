import {
  type Crash,
  isNamed,
  readCrash,
  type SkipReason,
  signatureOf,
  weaknessOfCrash,
} from '@breakwater/correlation';
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
  if (json) context.terminal.json(documentOf(crash));
  else print(crash, context.terminal);
  return exitCodes.good;
}

/** The shape that docs/crash-signatures.md describes. */
function documentOf(crash: Crash) {
  return {
    ...crash,
    address: crash.address ?? null,
    weakness: weaknessOfCrash(crash.type),
    signature: signatureOf(crash),
    named: isNamed(crash),
  };
}

/** Of a frame that was passed over this much is kept. */
const skippedTextMax = 80;

/** Why a frame was passed over, in words. */
const reasons: Readonly<Record<SkipReason, string>> = {
  'abort-path': 'it only stops the program',
  allocator: 'it only allocates or frees',
  'fuzzing-engine': 'it is the fuzzing engine',
  'library-wrapper': 'it is a library that many programs call',
  'no-symbol': 'it has no name',
  'process-start': 'every stack begins there',
  'sanitizer-runtime': 'it is the sanitizer',
  'too-short': 'its name is too short to tell anything',
  'unread-form': 'its form is not among the published ones',
};

function print(crash: Crash, terminal: Terminal): void {
  const { address, tool, type, security, instrumented, state, frames, skipped } = crash;
  terminal.line(`type         ${type}`);
  if (address !== undefined) terminal.line(`address      ${address}`);
  terminal.line(`security     ${security ? 'yes' : 'no'}, by the kind of crash`);
  const weakness = weaknessOfCrash(type);
  if (weakness !== null) terminal.line(`weakness     ${weakness}`);
  // KASAN is the kernel's sanitizer; no proof of ours runs under it.
  const watched = instrumented || tool === 'KASAN' ? '' : ', no sanitizer';
  terminal.line(`tool         ${tool}${watched}`);
  const alone = isNamed(crash) ? '' : ' (too little to join other crashes by)';
  terminal.line(`signature    ${signatureOf(crash)}${alone}`);
  for (const line of state) terminal.line(`state        ${line}`);
  for (const frame of frames) {
    const where = frame.file ?? frame.module ?? 'unknown place';
    const line = frame.line === undefined ? '' : `:${frame.line}`;
    terminal.line(`  #${frame.index}  ${frame.function ?? '(no symbol)'}  ${where}${line}`);
  }
  for (const { index, text, reason } of skipped) {
    const cut = text.length < skippedTextMax ? '' : '…';
    terminal.line(`skipped      #${index} ${text}${cut}: ${reasons[reason]}`);
  }
}
