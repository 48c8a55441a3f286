import {
  checkMembership,
  checkOpening,
  type Item,
  type PublishedRoot,
  readCommitment,
  readMembership,
  readOpening,
  sealedBytesMax,
} from '@breakwater/benchmark';
import { ok, type Result } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, readInput, readRegular } from '../../files.ts';
import { Json, optionsOf } from '../../options.ts';
import { need } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';

const Options = z.object(Json);

interface Shown {
  readonly commitment: string;
  readonly place: number;
  /** null: the proof hides it. */
  readonly item: Item | null;
}

/** `benchmark check`: good where the proof holds, bad (1) where it does not. */
export async function runBenchmarkCheck(given: Given, context: Context): Promise<ExitCode> {
  const { json } = optionsOf(Options, given);
  const proof = await readInput(argument(given, 0), fileLimits.text, context.stdin);
  const published = await readRegular(argument(given, 1), sealedBytesMax);
  const suite = need(readCommitment(published));
  const shown = check(proof, suite);
  const { terminal } = context;
  if (!shown.ok && shown.refusal.code === 'malformed') return need(shown);
  if (json) {
    const { count, root } = suite;
    terminal.json(
      shown.ok ? { holds: true, ...shown.value, count, root } : { holds: false, ...shown },
    );
  } else if (shown.ok) show(shown.value, suite, terminal);
  else {
    const { expected, got, todo } = shown.refusal;
    terminal.line(`does not hold: expected ${expected}; got ${got}; ${todo}`);
  }
  return shown.ok ? exitCodes.good : exitCodes.bad;
}

function check(proof: Uint8Array, suite: PublishedRoot): Result<Shown> {
  const membership = readMembership(proof);
  if (membership.ok) {
    const { commitment, place } = membership.value;
    const member = checkMembership(membership.value, suite);
    return member.ok ? ok({ commitment, place, item: null }) : member;
  }
  const opening = readOpening(proof);
  return opening.ok ? checkOpening(opening.value, suite) : opening;
}

function show({ commitment, place, item }: Shown, suite: PublishedRoot, terminal: Terminal): void {
  terminal.line(`holds    item ${place} of ${suite.count} under ${suite.root}`);
  terminal.line(`item     ${commitment}`);
  if (item === null) {
    terminal.line('         what is in it is not shown');
    return;
  }
  terminal.line(`suite    ${item.suite.name} ${item.suite.version}`);
  terminal.line(`task     ${item.task.name} ${item.task.version}: ${item.task.title}`);
  for (const { path, sha256 } of item.files) terminal.line(`file     ${sha256}  ${path}`);
}
