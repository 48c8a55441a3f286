/** What a line may hold and how many there may be. */
export interface LineLimits {
  readonly linesMax: number;
  readonly lineMax: number;
}

/**
 * The lines of a program's output, cut at their limit, without the escapes that color a terminal;
 * null where there are too many. Linear in the text.
 */
export function plainLines(text: string, limits: LineLimits): readonly string[] | null {
  const lines: string[] = [];
  for (let start = 0; start <= text.length; ) {
    if (lines.length === limits.linesMax) return null;
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = plain(text.slice(start, Math.min(end, start + limits.lineMax)));
    lines.push(apart(line.startsWith(centipede) ? line.slice(centipede.length) : line));
    start = end + 1;
  }
  return lines;
}

/** Centipede writes this before every line of the program under test. */
const centipede = 'CRASH LOG: ';
const colorStart = '\u001b[';

/** Without the escapes that color, and a carriage return at the end. Other escapes stay seen. */
function plain(line: string): string {
  const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (!bare.includes(colorStart)) return bare;
  const [first = '', ...rest] = bare.split(colorStart);
  const parts = rest.map((part) => {
    const color = /^[0-9;]{0,32}[mK]/.exec(part)?.[0];
    return color === undefined ? `${colorStart}${part}` : part.slice(color.length);
  });
  return [first, ...parts].join('');
}

const deadly = /(?:Address|Leak|Memory|UndefinedBehavior|Thread)Sanitizer:DEADLYSIGNAL$/;

/** A sanitizer that writes beside its program may put both on one line: the program's counts. */
function apart(line: string): string {
  const length = deadly.exec(line.slice(-64))?.[0].length;
  return length === undefined || length === line.length ? line : line.slice(0, -length);
}
