import { after, type Rule } from './rule.ts';

/** The program did not even start. */
export const loaderRules: readonly Rule[] = [
  { tool: 'loader', words: [': library ', ' not found'], read: quoted(': library ', ' not found') },
  {
    tool: 'loader',
    words: ['error while loading shared libraries: ', ': cannot open shared object file'],
    read: (line) => missing(after(line, 'loading shared libraries: ').split(':', 1)[0] ?? ''),
  },
  {
    tool: 'loader',
    words: [': cannot locate symbol ', ' referenced by'],
    read: quoted(': cannot locate symbol ', ' referenced by'),
  },
];

function quoted(start: string, end: string): NonNullable<Rule['read']> {
  return (line) => {
    const said = after(line, start);
    const name = said.slice(0, said.lastIndexOf(end));
    const quote = name.charAt(0);
    if (!['"', "'", '`'].includes(quote) || !name.endsWith(quote) || name.length < 2) return null;
    return missing(name.slice(1, -1));
  };
}

function missing(name: string) {
  return { type: 'Missing-library', anew: true, lines: [name], taken: 3 } as const;
}
