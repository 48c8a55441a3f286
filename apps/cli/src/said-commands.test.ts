import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';

const root = path.join(import.meta.dirname, '../../..');
const sources = globSync(
  ['*.md', '{apps,bench,demo,docs,packages,test,tools}/**/*.md', 'apps/*/src/**/*.{ts,tsx}'],
  {
    cwd: root,
    exclude: (file) => /node_modules|\/dist\//.test(file),
  },
).filter((file) => !file.endsWith('.test.ts') && !file.endsWith('CHANGELOG.md'));

/** What ends a command in prose, in a tag and in a string of code. */
const end = /[`<;]|:\s|\\n|\.\s|\s[#>]|'[,);]|\s(?:tells|lists|does|with|in|until|after|takes)\s/;

/** Commands that pages and messages tell people to type, each with where it is told. */
function saidIn(file: string): { readonly at: string; readonly words: readonly string[] }[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  // In a tag a sentence goes on over the ends of lines, elsewhere a command that says so.
  const flat = text.replaceAll(file.endsWith('.tsx') ? /\s+/g : /\s*\\\n\s*/g, ' ');
  return [...flat.matchAll(/("?)(?:npx breakwater|`breakwater) ([^\n]*)/g)].map((found) => {
    const [, quote = '', rest = ''] = found;
    const said = (quote === '' ? rest : (rest.split(quote)[0] ?? '')).split(end)[0] ?? '';
    const words = [...said.matchAll(/"[^"]*(?:"|$)|\S+/g)].map(([word]) =>
      word.replace(/[.,:)'"]+$/, ''),
    );
    return { at: `${file}: ${said.trim()}`, words };
  });
}

/** What is wrong with a command as it is said; null: it may be typed so. */
async function fault(words: readonly string[]): Promise<string | null> {
  const sink = { write: () => undefined };
  const terminal = createTerminal(sink, sink);
  const program = await createProgram(words, { terminal }, () => Promise.resolve());
  let command: Command = program;
  const given: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (['--help', '--version', 'help', '…'].includes(word)) return null;
    const child = command.commands.find((each) => each.name() === word);
    if (child !== undefined && given.length === 0) {
      command = child;
    } else if (word.startsWith('--')) {
      const option = command.options.find((each) => each.long === word);
      if (option === undefined) return `${command.name()} has no ${word}`;
      if (!option.isBoolean()) at += 1;
    } else if (!doesSomething(command)) {
      return `${command.name()} has no command ${word}`;
    } else given.push(word);
  }
  const most = command.registeredArguments.some((each) => each.variadic)
    ? Number.POSITIVE_INFINITY
    : command.registeredArguments.length;
  if (given.length > most) return `${command.name()} takes no ${given[most] ?? ''}`;
  return doesSomething(command) ? null : `${command.name()} needs one of its commands`;
}

/** Every command that does something takes --json; those that only hold others take nothing. */
function doesSomething(command: Command): boolean {
  return command.options.some((option) => option.long === '--json');
}

test('every command that a page, a screen or a message tells people to type is one', async () => {
  // `<…>` stands for words that are not said there.
  const said = sources.flatMap(saidIn).filter(({ words }) => words.length > 0);
  expect(said.length).toBeGreaterThan(40);
  const faults = [];
  for (const { at, words } of said) {
    const wrong = await fault(words);
    if (wrong !== null) faults.push([at, wrong]);
  }
  expect(faults).toEqual([]);
});

test.each([
  [['submit'], 'submit needs one of its commands'],
  [['submit', 'crsh'], 'submit has no command crsh'],
  [['import', 'a.csv', '--dry'], 'import has no --dry'],
  [['crash', 'a', 'b'], 'crash takes no b'],
  [['import', 'a.csv', '--dry-run'], null],
])('%j', async (words, expected) => {
  expect(await fault(words)).toBe(expected);
});
