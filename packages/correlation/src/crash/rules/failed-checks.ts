import { logFatalOf } from './assertions.ts';
import { after, afterLast, type Rule, type Said, trimmed } from './rule.ts';

const ends = ' .\'"[]';

/** The condition of a failed check, without the values that were compared: they vary. */
export function fixedCheck(text: string): string {
  let condition = text.startsWith('Check failed: ') ? text.slice('Check failed: '.length) : text;
  const failed = condition.indexOf('failed: ');
  if (failed !== -1 && / ?\svs\.\s/.test(condition.slice(failed))) {
    condition = condition.slice(0, failed + 'failed'.length);
  }
  const open = condition.indexOf(' (');
  if (open !== -1 && /\svs\.\s/.test(condition.slice(open))) condition = condition.slice(0, open);
  return trimmed(withoutValue(condition), ends);
}

/** `x: 'value'` and `x = "value"` give `x`. */
function withoutValue(text: string): string {
  const quote = text.at(-1);
  if (quote !== "'" && quote !== '"') return text;
  for (let at = text.indexOf(quote); at !== -1 && at < text.length - 1; ) {
    const before = text.slice(0, at).trimEnd();
    if (before.endsWith(':') || before.endsWith('=')) return before.slice(0, -1).trimEnd();
    at = text.indexOf(quote, at + 1);
  }
  return text;
}

/** `../dir/file.cc(3)` and `file.cc:3` give `file.cc`. */
export function fixedFile(text: string): string {
  const path = trimmed(text, ends).split(':', 1)[0]?.split('(', 1)[0] ?? '';
  return path.replaceAll('\\', '/').split('/').at(-1) ?? '';
}

/** Checks that guard security, wherever they stand: the newest counts. */
export const securityCheckRules: readonly Rule[] = (['CHECK', 'DCHECK'] as const).map((kind) => ({
  tool: 'Chromium',
  words: ['[', ':', ']', `Security ${kind} failed:`, '.'],
  read: (line) => {
    const said = afterLast(line, `Security ${kind} failed:`);
    const condition = said.slice(0, said.lastIndexOf('.')).trim();
    const place = placeIn(line.slice(0, line.lastIndexOf(`Security ${kind} failed:`)));
    return place === null ? null : check(`Security ${kind} failure`, condition, place);
  },
}));

function check(type: string, condition: string, file: string): Said {
  const lines = [`${fixedCheck(condition)} in ${fixedFile(file)}`];
  return { type, anew: true, lines, taken: 1 };
}

/** `[1:1:0606/1.2:FATAL:dir/file.cc(3)] ` gives `dir/file.cc(3)`; null without brackets. */
function placeIn(prefix: string): string | null {
  const open = prefix.indexOf('[');
  const close = prefix.indexOf(']', open);
  if (open === -1 || close === -1) return null;
  const inside = prefix.slice(open + 1, close);
  const numbered = /:(\d{1,9})$/.test(inside) ? inside.slice(0, inside.lastIndexOf(':')) : inside;
  const colon = numbered.lastIndexOf(':');
  return colon === -1 ? null : numbered.slice(colon + 1);
}

const chromeChecks = ['Check failed:', 'DCHECK failed:', 'NOTREACHED hit.'] as const;

/** What Chromium, glog and Abseil write when a check fails. */
export const failedCheckRules: readonly Rule[] = [
  {
    tool: 'Abseil',
    words: ['^F'],
    read: (line) => {
      const log = logFatalOf(line);
      return log === null ? null : check('Fatal error', log.text, log.file);
    },
  },
  { tool: 'Chromium', words: ['[', ':', ']'], read: chromeCheck },
  {
    tool: 'Abseil',
    words: ['^F', 'Check failed:'],
    read: (line) => {
      const log = logFatalOf(line);
      if (log === null || !log.text.startsWith('Check failed:')) return null;
      return check('CHECK failure', log.text.slice('Check failed:'.length).trimStart(), log.file);
    },
  },
];

function chromeCheck(line: string): Said | null {
  if (!line.trimStart().startsWith('[')) return null;
  const mark = chromeChecks.find((each) => line.includes(each));
  if (mark === undefined) return null;
  const place = placeIn(line.slice(0, line.indexOf(mark)));
  if (place === null) return null;
  const condition = after(line, mark).trimStart().split(';', 1)[0] ?? '';
  return check('CHECK failure', condition, place);
}
