import type { Assertion } from './assertion.ts';

const marks: readonly string[] = ['] Check failed: ', '] DCHECK failed: ', '# Check failed: '];

/**
 * A failed CHECK of Chromium (`[…:FATAL:file.cc(3)] Check failed: x`), glog and Abseil
 * (`F0101 … file.cc:3] Check failed: x`) or V8, which names the file on the line `before`.
 * The values that were compared are left out, since they differ from run to run.
 */
export function readFailedCheck(line: string, before: string): Assertion | null {
  const mark = marks.find((each) => line.includes(each));
  if (mark === undefined) return null;
  const at = line.indexOf(mark);
  const condition = withoutValues(line.slice(at + mark.length));
  if (condition === '') return null;
  const file = mark.startsWith('#') ? fileOfV8(before) : fileOfPrefix(line.slice(0, at));
  const subject = file === '' ? condition : `${condition} in ${file}`;
  return { type: 'CHECK failure', subject: subject.slice(0, 512) };
}

function withoutValues(text: string): string {
  let condition = text.slice(0, 2048);
  for (let at = condition.indexOf(' ('); at !== -1; at = condition.indexOf(' (', at + 1)) {
    if (!/ vs\.\s/.test(condition.slice(at, at + 200))) continue;
    condition = condition.slice(0, at);
    break;
  }
  const semicolon = condition.indexOf('; ');
  if (semicolon > 0) condition = condition.slice(0, semicolon);
  return condition
    .replace(/^[ .'"[\]]{1,64}/, '')
    .trimEnd()
    .replace(/[ .'"[\]]{1,64}$/, '');
}

/** `# Fatal error in ../../src/x.cc, line 3`. */
function fileOfV8(before: string): string {
  const mark = '# Fatal error in ';
  if (!before.startsWith(mark)) return '';
  return baseOf(before.slice(mark.length).split(', line ', 1)[0] ?? '');
}

/** `[1:1:FATAL:dir/file.cc(3)` or `F0101 12:00:00.0 7 file.cc:3`. */
function fileOfPrefix(prefix: string): string {
  const fatal = prefix.lastIndexOf(':FATAL:');
  const place = fatal === -1 ? (prefix.split(' ').at(-1) ?? '') : prefix.slice(fatal + 7);
  return baseOf(place.split(/[(:]/, 1)[0] ?? '');
}

function baseOf(path: string): string {
  return path.replaceAll('\\', '/').split('/').at(-1)?.trim() ?? '';
}
