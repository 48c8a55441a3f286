import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { adminCommand, backupCommands } from './admin/commands.ts';
import { comfortCommands } from './api/commands.ts';
import { addCommand, type Context, type Given, type Run } from './command.ts';
import { localCommands } from './local/commands.ts';

type Runner = (load: () => Promise<Run>, given: Given) => Promise<void>;

/**
 * The first words of operation ids. Written down, because reading the contract takes longer than
 * printing the help; a test holds this list against the contract.
 */
export const sliceNames = [
  'directory',
  'session',
  'deconflict',
  'discover',
  'collect',
  'correlate',
  'validate',
  'prioritize',
  'coordinate',
  'verify',
  'distribute',
  'benchmark',
  'engage',
  'designate',
  'early-access',
  'partners',
  'gateway',
  'record',
  'notify',
  'search',
  'organization',
  'example',
] as const;

const epilog = `
Exit codes: 0 done, reproduced, verified, holds, nothing affected; 1 another verdict, affected,
does not hold; 2 wrong usage or refused; 3 no sandbox on this machine; 4 no server answers;
5 nothing affected but something undecided (affected --strict); 6 not claimed: others are in the
way; 7 the claim is lost; 70 a fault of this program; 130 interrupted.
Every command takes --json: one document on standard output, words about the work on standard
error.

Environment: BREAKWATER_SERVER, BREAKWATER_KEY (an API key), BREAKWATER_DATA_DIRECTORY.
docs/cli.md tells all of it on one page.`;

/** Builds the program for these words; loads the contract only where they name a slice. */
export async function createProgram(
  words: readonly string[],
  { terminal }: Pick<Context, 'terminal'>,
  run: Runner,
): Promise<Command> {
  const program = new Command('breakwater')
    .version(manifest.version, '--version', 'print the version')
    .description('The terminal client of Breakwater: proofs, patches, advisories and the log')
    .enablePositionalOptions()
    .showHelpAfterError('(--help after a command tells its words)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => eachLine(text, (line) => terminal.line(line)),
      writeErr: (text) => eachLine(text, (line) => terminal.say(line)),
    })
    .addHelpText('after', epilog);

  program.commandsGroup('On local files, with no server and no account:');
  for (const spec of localCommands) addCommand(program, spec, run);
  program.commandsGroup('With a server:');
  for (const spec of comfortCommands) addCommand(program, spec, run);
  program.commandsGroup('On the machine of the server:');
  addCommand(program, adminCommand, run);
  for (const spec of backupCommands) addCommand(program, spec, run);
  program.commandsGroup('Every operation of the server, slice by slice:');
  for (const name of sliceNames) await addSlice(program, name, { words, run });
  return program;
}

async function addSlice(
  program: Command,
  name: string,
  { words, run }: { readonly words: readonly string[]; readonly run: Runner },
): Promise<void> {
  const existing = program.commands.find((command) => command.name() === name);
  const slice =
    existing ??
    program.command(name).description(`operations of ${name}`).enablePositionalOptions();
  // `breakwater help collect` names it second.
  if (!words.slice(0, 2).includes(name)) return;
  const { operationCommands } = await import('./api/operation-commands.ts');
  if (existing !== undefined) slice.commandsGroup('With a server:');
  // What has a form that is comfortable to type stands in place of the plain one.
  const comfortable = new Set(slice.commands.map((command) => command.name()));
  for (const spec of operationCommands(name)) {
    if (!comfortable.has(spec.name)) addCommand(slice, spec, run);
  }
}

function eachLine(text: string, write: (line: string) => void): void {
  for (const line of text.replace(/\n$/, '').split('\n')) write(line);
}
