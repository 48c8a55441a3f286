/** The table of attempts in ../README.md, made from the suite: `node test/hostile/attempts/page.ts --write`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { attempts } from './attempts.ts';

export const page: URL = new URL('../README.md', import.meta.url);
const [begin, end] = ['<!-- attempts: made from the suite -->', '<!-- end of attempts -->'];

/** The page with the table as it should be. */
export function withTable(text: string): string {
  const from = text.indexOf(begin) + begin.length;
  return `${text.slice(0, from)}\n\n${table()}\n${text.slice(text.indexOf(end))}`;
}

function table(): string {
  return attempts
    .map(({ title, attempts: ones }) => {
      const rows = ones.map(({ name, control }) => {
        return `| ${name} | ${typeof control === 'string' ? `none: ${control}` : 'yes'} |`;
      });
      return `### ${title}\n\n| attempt | control |\n|---|---|\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

if (process.argv[2] === '--write') writeFileSync(page, withTable(readFileSync(page, 'utf8')));
