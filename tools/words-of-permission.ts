/**
 * Law 8 as a lint: about a model and its release there is no word that means that somebody lets it
 * happen (Executive Order 14409, Sec. 3(c): no licensing, preclearance or permitting). Words of
 * that kind are found however they are written: in prose, camelCase, snake_case and kebab-case.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Everything that is about a model and its release: in these no such word stands at all. */
const about = [
  'apps/server/src/slices/frontier/{engage,designate,early-access}/**/*.{ts,md}',
  'apps/server/test/{engage,designate,early-access}*.ts',
  'apps/web/src/slices/{engage,designate,early-access}/**/*.{ts,tsx,css,md}',
  'apps/cli/src/**/{engage,designate,early-access,window,grant}*.ts',
  'apps/cli/src/**/{engage,designate,early-access,window,grant}/**/*.ts',
  'apps/evaluator/src/**/{grant,access,port}*.ts',
  'packages/contract/src/{engage,terms,before-you-join,designate,early-access}*.ts',
  'docs/rules/{engage,designate,early-access}.md',
  'test/frontier/**/*.ts',
] as const;

/** A migration that makes tables of theirs is about them too, whatever its name. */
const tables = /\b(?:engage|designate|early_access)[.]\w/;

/** Text of ours, in which no such word stands beside a model and its release. */
const everywhere = [
  'apps/**/*.{ts,tsx,sql,css,md}',
  'packages/**/*.{ts,md}',
  'docs/**/*.md',
  'test/**/*.ts',
  '*.md',
] as const;

/** Mean that somebody lets a thing happen, or does not, wherever they stand. */
const ofPermission =
  '(?:pre|dis|un|re|non)?(?:approv(?:e|es|ed|ing|al|als|er|ers)|den(?:y|ies|ied|ying|ial|ials)|' +
  'pending|licen[sc](?:e|es|ed|ing|ee|or|ure)|permit(?:s|ted|ting)?|permissions?|permissible|' +
  'clearances?|authori[sz](?:e|es|ed|ing|ation|ations|er)|certif(?:y|ies|ied|ying|ication)|' +
  'reject(?:s|ed|ing|ion|ions)?|allow(?:s|ed|ing|ance|ances|able)?|' +
  'with(?:hold|holds|held|holding)|veto(?:es|ed)?)';

/** Mean it of a model and its release alone, and other things elsewhere. */
const ofHolding =
  '(?:clear(?:s|ed)?|pass(?:es|ed)?|fail(?:s|ed)?|block(?:s|ed|ing)?|hold(?:s|ing)?|held|' +
  'gat(?:e|es|ed|ing)|green ?li(?:ght|t))';

/** What the law protects. */
const release = '(?:models?|releases?|launch(?:es)?|publication)';

const word = new RegExp(`\\b${ofPermission}\\b`, 'g');
const holding = besideRelease(ofHolding);
const permitting = besideRelease(ofPermission);
/** Values of a state, alone between quotes. */
const verdict = /(['"`])(?:pass|passed|fail|failed|clear|cleared|blocked|held|on[ -_]hold)\1/gi;

/** What is done to a model or its release, or what it is. */
function besideRelease(words: string): RegExp {
  const being = '(?:(?:is|was|are|were|be|been|has|have|may|can|must|not|never)\\s+){0,4}';
  const of = '(?:(?:back|up|off|for|of|to)\\s+)?(?:(?:an?|the|its|this|that|any|your)\\s+)?';
  return new RegExp(
    `\\b${release}(?:\\ss)?\\s+${being}${words}\\b|\\b${words}\\s+${of}${release}\\b`,
    'g',
  );
}

interface Exemption {
  /** As the words stand once they are taken apart: small letters, one space between. */
  readonly phrase: RegExp;
  /** The files in which it holds; everywhere where left out. */
  readonly where?: RegExp;
  readonly reason: string;
}

/** Every place in which such a word may stand, with its reason. Add to it by name, never by folder. */
export const exemptions: readonly Exemption[] = [
  {
    phrase: /\bnothing (?:in )?here can hold back a (?:model|release)\b/g,
    reason: 'law 8 itself',
  },
  {
    phrase: /mandatory governmental licensing,\s+preclearance,\s+or\s+permitting\s+requirement/g,
    reason: 'the text of the order, Sec. 3(c), quoted',
  },
  {
    phrase: /[)]\s*[.]rejects\b/g,
    where: /[.]test[.]ts$/,
    reason: 'of a promise, as the test runner names it',
  },
  {
    phrase: /\bpermissions\b/g,
    where: /^apps\/server\/src\/slices\/frontier\/[\w-]+\/(?:act|routes|[\w-]*store)[.]ts$/,
    reason: 'what a role may call: a field of every call (route.ts) and a column of the directory',
  },
  {
    phrase: /\bnot permitted\b/g,
    where: /[.]test[.]ts$/,
    reason: 'the code by which the door answers a role that may not call an operation',
  },
  {
    phrase: /\bwords of permission\b/g,
    where: /^test\/frontier\//,
    reason: 'the name of this lint',
  },
  {
    phrase: /\bstrong models fail(?:ed)?\b/g,
    where: /^packages\/benchmark\//,
    reason: 'at a task that others solved: a figure of the task',
  },
  {
    phrase: /\bmodel failed\b/g,
    where: /^(?:apps\/evaluator\/|docs\/cli[.]md$)/,
    reason: 'of a call to its endpoint that was not answered, not of the model',
  },
];

/** A word where none may stand. */
export interface Found {
  /** From 1. */
  readonly line: number;
  readonly words: string;
}

/** Words of permission in a file, in order. `path` says which of its lines are about a model. */
export function wordsOfPermission(path: string, text: string, isAbout: boolean): readonly Found[] {
  let plain = apart(text);
  for (const { phrase, where } of exemptions) {
    if (where === undefined || where.test(path)) plain = plain.replace(phrase, blank);
  }
  const patterns = isAbout ? [word, holding] : [holding, permitting];
  const found = patterns.flatMap((pattern) => matches(plain, pattern));
  if (isAbout) found.push(...matches(text, verdict));
  return found.toSorted((a, b) => a.line - b.line);
}

/** Reads the checkout at `root` and says where such a word stands. */
export function permissionFaults(root: string): string[] {
  const exclude = (path: string) => skipped.has(basename(path));
  const abouts = new Set(about.flatMap((pattern) => globSync(pattern, { cwd: root, exclude })));
  const all = new Set(everywhere.flatMap((pattern) => globSync(pattern, { cwd: root, exclude })));
  const inOrder = [...new Set([...abouts, ...all])].toSorted((a, b) => (a < b ? -1 : 1));
  return inOrder.flatMap((path) => {
    if (own.test(path)) return [];
    const text = readFileSync(join(root, path), 'utf8');
    const isAbout = abouts.has(path) || (path.endsWith('.sql') && tables.test(text));
    return wordsOfPermission(path, text, isAbout).map(
      ({ line, words }) =>
        `${path}:${line} says "${words}" about a model or its release: say what is, by whom and ` +
        'when (law 8; tools/words-of-permission.ts)',
    );
  });
}

const skipped = new Set(['node_modules', '.git', '.cache', 'dist', 'vectors', 'fixtures']);
/** This lint and its test name the words. */
const own = /^tools\/words-of-permission/;

/** Takes words apart that are written together, keeps every line where it is. */
function apart(text: string): string {
  return text
    .replace(/^[ \t]*(?:[*]|\/\/|--|#+|>)+[ \t]?/gm, '')
    .replace(/[*`]/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[_\-’']/g, ' ')
    .toLowerCase();
}

function matches(text: string, pattern: RegExp): Found[] {
  return [...text.matchAll(pattern)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    words: match[0].replace(/\s+/g, ' '),
  }));
}

function blank(words: string): string {
  return words.replace(/[^\n]/g, ' ');
}
