import { CommanderError } from 'commander';
import type { Context, Given, Run } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { Stop } from './stop.ts';

/**
 * Runs one command line (without `node` and the program's name) and gives its exit code. Never
 * throws: a refusal is printed as expected, got and what to do; with `--json` as a document too.
 */
export async function run(words: readonly string[], context: Context): Promise<number> {
  let code: number = exitCodes.good;
  try {
    const program = await createProgram(words, context, async (load, given) => {
      code = await runOne(await load(), given, context);
    });
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what was wrong with the words, and what was meant perhaps.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.refused;
    context.terminal.say(`breakwater: a fault of this program: ${wordsOf(error)}`);
    return exitCodes.defect;
  }
}

async function runOne(command: Run, given: Given, context: Context): Promise<number> {
  try {
    return await command(given, context);
  } catch (error) {
    const stop = context.signal.aborted ? interrupted(context.signal) : error;
    if (!(stop instanceof Stop)) throw stop;
    const { refusal } = stop;
    if (given.options['json'] === true) context.terminal.json({ refusal });
    const { terminal } = context;
    terminal.say(`refused     ${refusal.code}`);
    terminal.say(`expected    ${refusal.expected}`);
    terminal.say(`got         ${refusal.got}`);
    terminal.say(`to do       ${refusal.todo}`);
    return stop.exitCode;
  }
}

function interrupted(signal: AbortSignal): Stop {
  const refusal = {
    code: 'interrupted',
    expected: 'to finish',
    got: wordsOf(signal.reason),
    todo: 'start it again when you like',
  };
  return new Stop(refusal, exitCodes.interrupted);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
