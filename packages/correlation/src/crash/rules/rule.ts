import type { CrashTool } from '../crash.ts';
import { type Flag, forgetState, linePartMax, type Report, setType } from '../report.ts';

/** One row of a table: which line says what. */
export interface Rule {
  readonly tool: CrashTool;
  /** Words that must stand in the line, in this order. A `^` before the first: it begins the line. */
  readonly words: readonly string[];
  /** Read only while nothing is known: what comes first counts. */
  readonly first?: true;
  readonly when?: (report: Report) => boolean;
  /** What the line says, where it always says the same. */
  readonly says?: Said;
  /** What the line says, where that stands in the line; null where it says nothing after all. */
  readonly read?: (line: string, report: Report) => Said | null;
}

/** What a line says about the crash; what is absent stays as it was. */
export interface Said {
  /** Who printed it, where that is not the row's tool. */
  readonly tool?: CrashTool;
  readonly type?: string;
  readonly address?: string;
  /** The state so far is forgotten. */
  readonly anew?: true;
  /** Lines that name the crash, in place of those so far. */
  readonly lines?: readonly string[];
  /** How many places for frames those take. */
  readonly taken?: number;
  readonly flag?: Flag;
  /** No other rule looks at the line, and it is no frame. */
  readonly done?: true;
}

/** Rows in the order in which a line is held against them, prepared for reading many lines. */
export type Table = readonly {
  readonly rule: Rule;
  readonly begin: string;
  readonly words: readonly string[];
}[];

/** Prepares rules: what a line must begin with is looked at before anything else. */
export function tableOf(rules: readonly Rule[]): Table {
  return rules.map((rule) => {
    const [first = '', ...rest] = rule.words;
    const begins = first.startsWith('^');
    return { rule, begin: begins ? first.slice(1) : '', words: begins ? rest : rule.words };
  });
}

/** Applies a table to a line; true where a rule kept the line for itself. */
export function applyRules(table: Table, line: string, report: Report): boolean {
  for (const { rule, begin, words } of table) {
    if (rule.first === true && report.type !== '') continue;
    if (begin !== '' && !line.startsWith(begin)) continue;
    if (!holdsInOrder(line, words, begin.length)) continue;
    if (rule.when?.(report) === false) continue;
    const said = rule.says ?? rule.read?.(line, report) ?? null;
    if (said === null) continue;
    apply(said, rule.tool, report);
    if (said.done === true) return true;
  }
  return false;
}

function apply(said: Said, tool: CrashTool, report: Report): void {
  if (said.anew === true) {
    report.address = '';
    forgetState(report);
  }
  if (said.type !== undefined) setType(report, said.tool ?? tool, said.type);
  if (said.address !== undefined) report.address = said.address.slice(0, 100);
  if (said.lines !== undefined) {
    const { taken } = report;
    forgetState(report);
    report.lines = said.lines.map((each) => each.slice(0, linePartMax));
    report.taken = taken;
  }
  if (said.taken !== undefined) report.taken = said.taken;
  if (said.flag !== undefined) report.flags.add(said.flag);
}

/** Whether all words stand in the line one after another, after `from`; one pass. */
export function holdsInOrder(line: string, words: readonly string[], from = 0): boolean {
  let at = from;
  for (const word of words) {
    const found = line.indexOf(word, at);
    if (found === -1) return false;
    at = found + word.length;
  }
  return true;
}

/** The text after the first `mark`; '' where it is not there. */
export function after(line: string, mark: string): string {
  const at = line.indexOf(mark);
  return at === -1 ? '' : line.slice(at + mark.length);
}

/** The text after the last `mark`; '' where it is not there. */
export function afterLast(line: string, mark: string): string {
  const at = line.lastIndexOf(mark);
  return at === -1 ? '' : line.slice(at + mark.length);
}

/** The text before the first of `marks`, or all of it. */
export function until(text: string, marks: string): string {
  for (let at = 0; at < text.length; at += 1) {
    if (marks.includes(text.charAt(at))) return text.slice(0, at);
  }
  return text;
}

/** Text without any of `characters` at its ends. */
export function trimmed(text: string, characters: string): string {
  let [from, to] = [0, text.length];
  while (from < to && characters.includes(text.charAt(from))) from += 1;
  while (to > from && characters.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** `HEAP_overflow` gives `Heap-overflow`; other tools' spellings of one kind give one kind. */
export function titled(kind: string): string {
  const words = capitalized(kind.replaceAll('_', '-')).replaceAll(
    'Int-divide-by-zero',
    'Divide-by-zero',
  );
  const type = words.slice(0, 100).trim();
  return type === 'Unknown-crash' ? 'UNKNOWN' : type;
}

/** First letter large, all others small. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

/** The number that stands at the beginning of the text, of the letters addresses have. */
export function addressAt(text: string): string {
  return /^[xX0-9a-fA-F]{1,40}/.exec(text)?.[0] ?? '';
}
