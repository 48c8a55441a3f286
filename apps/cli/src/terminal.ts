import { escapeJson, escapeLine } from './escape.ts';

/** A stream that text goes to; `process.stdout` and `process.stderr` are such. */
export interface Sink {
  write(data: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * The terminal. Whatever is handed to it is escaped here, so that no command can forget it:
 * answers go to standard output, words about the work to standard error.
 */
export interface Terminal {
  /** One line of the answer. */
  line(text?: string): void;
  /** Text from outside, quoted line by line; cut after `linesMax` lines. */
  quote(text: string, linesMax?: number): void;
  /** The answer as one JSON document. */
  json(value: unknown): void;
  /** Bytes as they are; a person at a screen gets them escaped. */
  bytes(bytes: Uint8Array): void;
  /** A line about the work, on standard error. */
  say(text: string): void;
  /** A line that the next one replaces; shown to a person at a screen only. */
  progress(text: string): void;
}

/** Makes the terminal over two streams. */
export function createTerminal(stdout: Sink, stderr: Sink): Terminal {
  let progressing = false;
  const clear = () => {
    if (progressing) stderr.write('\r\u001b[2K');
    progressing = false;
  };
  const line = (text = '') => {
    clear();
    stdout.write(`${escapeLine(text)}\n`);
  };
  return {
    line,
    quote(text, linesMax = 60) {
      const lines = text.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n');
      for (const each of lines.slice(0, linesMax)) line(`  | ${each.slice(0, 500)}`);
      if (lines.length > linesMax) line(`  | … ${lines.length - linesMax} more lines`);
    },
    json(value) {
      clear();
      stdout.write(`${escapeJson(value)}\n`);
    },
    bytes(bytes) {
      clear();
      if (stdout.isTTY !== true) stdout.write(bytes);
      else for (const each of new TextDecoder().decode(bytes).split('\n')) line(each);
    },
    say(text) {
      clear();
      stderr.write(`${escapeLine(text)}\n`);
    },
    progress(text) {
      if (stderr.isTTY !== true) return;
      const width = Math.max(20, (stderr.columns ?? 80) - 1);
      stderr.write(`\r\u001b[2K${escapeLine(text).slice(0, width)}`);
      progressing = true;
    },
  };
}

/** A bar of 24 cells for `done` of `total`. */
export function bar(done: number, total: number): string {
  const share = total <= 0 ? 0 : Math.min(1, done / total);
  const full = Math.round(share * 24);
  return `[${'#'.repeat(full)}${'.'.repeat(24 - full)}] ${done}/${total}`;
}
