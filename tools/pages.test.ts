import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const pages = globSync(['*.md', '{apps,bench,demo,docs,packages,test,tools}/**/*.md'], {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
});

test('every link of every page leads to something in the repository', () => {
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.flatMap((page) => linksOf(page).filter(({ leads }) => !leads))).toEqual([]);
});

test('every command of the README names an npm script, or a file that is there', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const scripts = [...readme.matchAll(/^npm (?:run )?([a-z:]+)/gm)].map((match) => match[1] ?? '');
  const files = [...readme.matchAll(/^npx breakwater .*$/gm)].flatMap(([line]) =>
    line.split(' ').filter((word) => word.startsWith('demo/')),
  );
  const known: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  expect(scripts.length).toBeGreaterThan(2);
  expect(files.length).toBeGreaterThan(2);
  expect(scripts.filter((name) => !(name in known.scripts))).toEqual([]);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every setting of the server has its row, and every row its setting', () => {
  const config = readFileSync(join(root, 'apps/server/src/config.ts'), 'utf8');
  const page = readFileSync(join(root, 'docs/operate/install.md'), 'utf8');
  const settings = [...config.matchAll(/^ {2}([A-Z][A-Z_]+): \w/gm)].map((match) => match[1]);
  const rows = [...page.matchAll(/^\| `([A-Z][A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(settings.length).toBeGreaterThan(5);
  expect(rows).toEqual(settings);
});

function linksOf(page: string): { page: string; link: string; leads: boolean }[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => ({ page, link, leads: existsSync(join(root, dirname(page), link)) }));
}
