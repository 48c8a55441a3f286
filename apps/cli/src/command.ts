import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given beside its words. */
export interface Context {
  readonly terminal: Terminal;
  /** Read once by main; nobody else touches process.env. */
  readonly environment: Environment;
  /** Aborted when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<Uint8Array>;
}

export interface Environment {
  readonly server: string | undefined;
  readonly key: string | undefined;
  readonly dataDirectory: string;
  /** Absolute; fetched sources and builds are kept there between runs. */
  readonly cacheDirectory: string;
  /** Absolute; what `sync` fetched and what `import` handed in is kept there. */
  readonly localDirectory: string;
}

/** A command's words, as they were written. */
export interface Given {
  /** In the order of the arguments; absent optional ones are missing at the end. */
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

export type Run = (given: Given, context: Context) => Promise<ExitCode>;

/** One command, as data: how it is written, and what is loaded only when it is called. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** `<needed>`, `[optional]` or `<several...>` to what it is. */
  readonly args?: Readonly<Record<string, string>>;
  /** Flags to what they mean, as commander writes them; a trailing `!` marks a required one. */
  readonly options?: Readonly<Record<string, string>>;
  readonly children?: readonly CommandSpec[];
  readonly load?: () => Promise<Run>;
}

/** Adds a command, and what is under it; `run` is told what to do with the chosen one. */
export function addCommand(
  parent: Command,
  spec: CommandSpec,
  run: (load: () => Promise<Run>, given: Given) => Promise<void>,
): Command {
  const command = parent.command(spec.name).description(spec.summary).enablePositionalOptions();
  for (const [name, text] of Object.entries(spec.args ?? {})) command.argument(name, text);
  for (const [flags, text] of Object.entries(spec.options ?? {})) addOption(command, flags, text);
  const { load } = spec;
  if (load !== undefined) {
    command.option('--json', 'print one JSON document on standard output');
    command.action(async () => {
      needOptions(command, spec);
      await run(load, { args: command.args, options: command.opts() });
    });
  }
  for (const child of spec.children ?? []) addCommand(command, child, run);
  return command;
}

function addOption(command: Command, flags: string, text: string): void {
  if (!flags.endsWith('!')) command.option(flags, text);
  else command.option(flags.slice(0, -1), text === '' ? '(needed)' : `${text} (needed)`);
}

// Commander's own needed options are asked of the commands under a command too.
function needOptions(command: Command, { options = {} }: CommandSpec): void {
  const given = command.opts();
  for (const flags of Object.keys(options).filter((each) => each.endsWith('!'))) {
    const option = command.options.find((each) => each.flags === flags.slice(0, -1));
    if (option !== undefined && given[option.attributeName()] === undefined) {
      command.error(`error: option '${option.flags}' is needed`);
    }
  }
}

/** The argument at `index`, which the command declares as needed. */
export function argument(given: Given, index: number): string {
  const value = given.args[index];
  if (value === undefined) throw new Error(`no argument ${index} was declared`);
  return value;
}
