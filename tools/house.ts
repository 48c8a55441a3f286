/** The repository's rules about itself that no linter knows. Each fault says what to do. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { lockFaults, readLock } from './lock.ts';
import { licenseTexts, notices } from './notices.ts';
import { openApiText } from './openapi.ts';

export type Findings = {
  /** What must be put right before a commit. */
  readonly faults: string[];
  /** What is better put right soon. */
  readonly warnings: string[];
};

const LINES_MAX = 400;
const skipped = new Set(['node_modules', '.git', '.breakwater', '.cache', 'coverage', 'dist']);
const foreign = new Set(['vectors', 'fixtures']);

// In pieces, so that this file does not find itself.
const forbidden = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);
const silencers = new RegExp(
  ['@ts-' + 'ignore', '@ts-' + 'nocheck', '@ts-' + 'expect-error'].join('|'),
);

// The walls cannot see what needs no import: the clock, chance and the process are globals. The
// contract's client is an edge: it sends requests.
const pureFile =
  /^packages\/[^/]+\/src\/(?!client[.]ts$)|\/slices\/.+\/(model|evolve|decide)[.]ts$/;
const impure =
  /\b(Date[.]now|new Date\(\)|Math[.]random|performance[.]now|getRandomValues|randomUUID|process[.])/;

/** Reads the checkout at `root` and says what breaks a rule of the house. */
export function inspectHouse(root: string): Findings {
  const faults: string[] = [];
  const warnings: string[] = [];
  for (const path of ownFiles(root)) {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    if (/[.](ts|tsx|mjs|css)$/.test(path) && lines.length > LINES_MAX) {
      warnings.push(`${path} has ${lines.length} lines: cut it at its next idea (${LINES_MAX})`);
    }
    const pure = pureFile.test(path) && !path.endsWith('.test.ts');
    lines.forEach((line, index) => {
      const reads = pure && !/^\s*([*]|\/\/|\/[*])/.test(line) ? impure.exec(line)?.[0] : undefined;
      if (reads) faults.push(`${path}:${index + 1} reads ${reads}: take it as a fact instead`);
      const word = forbidden.exec(line)?.[0] ?? silencers.exec(line)?.[0];
      if (word) faults.push(`${path}:${index + 1} says "${word}": do it now or leave it out`);
    });
  }
  faults.push(
    ...unindexedDecisions(root),
    ...foldersWithoutPage(root),
    ...lockFaults(readLock(join(root, 'package-lock.json'))),
  );
  const { text, faults: licenses } = notices(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  faults.push(...licenses, ...unnamedLicenses(root));
  if (readFileSync(join(root, 'THIRD_PARTY_NOTICES.md'), 'utf8') !== text) {
    faults.push('THIRD_PARTY_NOTICES.md is out of date: run "node tools/notices.ts --write"');
  }
  if (readFileSync(join(root, 'docs/openapi.json'), 'utf8') !== openApiText()) {
    faults.push('docs/openapi.json is out of date: run "node tools/openapi.ts --write"');
  }
  return { faults, warnings };
}

/** Text that we wrote: no dependencies, no products of a build, no vectors of others. */
function ownFiles(root: string): string[] {
  const found = globSync(['**/*.{ts,tsx,mjs,css,md,html,sql}', '.ci/*', '.*.mjs'], {
    cwd: root,
    exclude: (path) => skipped.has(basename(path)) || foreign.has(basename(path)),
  });
  return found.toSorted((a, b) => (a < b ? -1 : 1));
}

/** A package, an app and a slice say in a few lines what they are for. */
function foldersWithoutPage(root: string): string[] {
  return ['packages/*/package.json', 'apps/*/package.json', 'apps/server/src/slices/*/*/index.ts']
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .map((path) => join(dirname(path), 'README.md'))
    .filter((page) => !existsSync(join(root, page)))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((page) => `${page} is missing: say in at most twenty lines what the folder is for`);
}

/** Material of others is told by the license that lies beside it. */
function unnamedLicenses(root: string): string[] {
  return globSync('*/**/LICEN[CS]E*', { cwd: root, exclude: (path) => skipped.has(basename(path)) })
    .filter((path) => !licenseTexts.includes(path))
    .map((path) => `${path} is not in tools/notices.ts: say what it covers`);
}

function unindexedDecisions(root: string): string[] {
  const folder = join(root, 'docs/decisions');
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  return globSync('*.md', { cwd: folder })
    .filter((name) => name !== 'README.md' && !index.includes(`(${name})`))
    .map((name) => `docs/decisions/${name} is not in docs/decisions/README.md: add its line`);
}
