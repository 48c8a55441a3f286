import type { Command } from 'commander';
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
  /** Others, of which a person names one: where the key of a model is. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A command's words, as they were written. */
export interface Given {
  /** In the order of the arguments; absent optional ones are missing at the end. */
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** What stands behind `--`, where the command takes another one. */
  readonly rest?: readonly string[];
}

/** The exit code is one of ours; a command that runs another may hand on that one's. */
export type Run = (given: Given, context: Context) => Promise<number>;

/** One command, as data: how it is written, and what is loaded only when it is called. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** `<needed>`, `[optional]` or `<several...>` to what it is. */
  readonly args?: Readonly<Record<string, string>>;
  /**
   * Flags to what they mean, as commander writes them. A trailing `!` marks a required one, a `+` one
   * that may be given several times, each with one value.
   */
  readonly options?: Readonly<Record<string, string>>;
  /** What stands behind `--`: another command, and no word of ours. */
  readonly rest?: string;
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
  if (spec.rest !== undefined) {
    command.usage(`[options] ${usageOf(spec)} -- <command...>`).allowExcessArguments();
    command.addHelpText('after', `\nBehind --: ${spec.rest}`);
  }
  const { load } = spec;
  if (load !== undefined) {
    command.option('--json', 'print one JSON document on standard output');
    command.action(async () => {
      needOptions(command, spec);
      await run(load, givenOf(command, spec));
    });
  }
  for (const child of spec.children ?? []) addCommand(command, child, run);
  return command;
}

function usageOf({ args = {} }: CommandSpec): string {
  return Object.keys(args).join(' ');
}

/** Commander counts what stands behind `--` among the arguments; here it is apart. */
function givenOf(command: Command, { rest }: CommandSpec): Given {
  const options = command.opts();
  if (rest === undefined) return { args: command.args, options };
  const words = wordsTyped(command);
  const at = words.indexOf('--');
  const behind = at === -1 ? [] : words.slice(at + 1);
  return {
    args: command.args.slice(0, command.args.length - behind.length),
    options,
    rest: behind,
  };
}

/** All words of the command line; commander keeps them and does not declare it. */
function wordsTyped(command: Command): readonly string[] {
  let top = command;
  while (top.parent !== null) top = top.parent;
  const words: unknown = 'rawArgs' in top ? top.rawArgs : [];
  return Array.isArray(words) ? words.map(String) : [];
}

function addOption(command: Command, flags: string, text: string): void {
  if (flags.endsWith('+')) command.option(flags.slice(0, -1), text, oneMore);
  else if (!flags.endsWith('!')) command.option(flags, text);
  else command.option(flags.slice(0, -1), text === '' ? '(needed)' : `${text} (needed)`);
}

function oneMore(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
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
