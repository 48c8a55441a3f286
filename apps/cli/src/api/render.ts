import type { Terminal } from '../terminal.ts';

const depthMax = 8;

/** Any answer for a person: names and values, indented; lists numbered by a dash. */
export function renderAnswer(value: unknown, terminal: Terminal): void {
  renderAt(value, { terminal, indent: '', depth: 0 });
}

interface Place {
  readonly terminal: Terminal;
  readonly indent: string;
  readonly depth: number;
}

function renderAt(value: unknown, { terminal, indent, depth }: Place): void {
  if (!isFolded(value) || depth === depthMax) {
    terminal.line(`${indent}${scalar(value)}`);
    return;
  }
  const inner = { terminal, indent: `${indent}  `, depth: depth + 1 };
  if (Array.isArray(value)) {
    if (value.length === 0) terminal.line(`${indent}(none)`);
    for (const each of value) {
      if (isFolded(each)) {
        terminal.line(`${indent}-`);
        renderAt(each, inner);
      } else terminal.line(`${indent}- ${scalar(each)}`);
    }
    return;
  }
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'string' && each.includes('\n')) {
      terminal.line(`${indent}${name}`);
      terminal.quote(each);
    } else if (isFolded(each)) {
      terminal.line(`${indent}${name}`);
      renderAt(each, inner);
    } else terminal.line(`${indent}${name.padEnd(14)} ${scalar(each)}`);
  }
}

function isFolded(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function scalar(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '–';
}
