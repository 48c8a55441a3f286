import type { CrashTool } from './crash.ts';

/** What one line of a report announces. */
export interface Headline {
  readonly tool: CrashTool;
  readonly type: string;
  readonly address?: string;
  /** A first state line that the line itself gives: an assertion, a bad cast. */
  readonly subject?: string;
}

const tools: readonly CrashTool[] = [
  'HWAddressSanitizer',
  'AddressSanitizer',
  'MemorySanitizer',
  'ThreadSanitizer',
  'LeakSanitizer',
  'UndefinedBehaviorSanitizer',
  'libFuzzer',
];

/** Reads a sanitizer's or libFuzzer's opening line; null for any other line. */
export function readHeadline(line: string): Headline | null {
  if (line.includes('SUMMARY:')) return null;
  for (const tool of tools) {
    const at = line.indexOf(`${tool}:`);
    if (at === -1 || !announces(line, at, tool)) continue;
    const tail = line.slice(at + tool.length + 1).trim();
    const said = tool === 'libFuzzer' ? engineSays(tail) : sanitizerSays(tail);
    return said === null ? null : { tool, ...said };
  }
  return null;
}

/** `ERROR:` stands before the tool; MSan and TSan say `WARNING:`, ASan's warnings are no crash. */
function announces(line: string, at: number, tool: CrashTool): boolean {
  const before = line.slice(Math.max(0, at - 12), at);
  if (before.includes('ERROR:')) return true;
  return before.includes('WARNING:') && (tool === 'MemorySanitizer' || tool === 'ThreadSanitizer');
}

type Said = Omit<Headline, 'tool'>;

function engineSays(tail: string): Said | null {
  const known: readonly (readonly [string, string])[] = [
    ['timeout', 'Timeout'],
    ['out-of-memory', 'Out-of-memory'],
    ['fuzz target exited', 'Unexpected-exit'],
    ['fuzz target overwrites its const input', 'Overwrites-const-input'],
    ['deadly signal', 'Fatal-signal'],
  ];
  const found = known.find(([start]) => tail.startsWith(start));
  return found === undefined ? null : { type: found[1] };
}

const outOfMemory: readonly string[] = [
  'allocation-size-too-big',
  'allocator is out of memory',
  'calloc parameters overflow',
  'calloc-overflow',
  'out of memory',
  'requested allocation size',
  'rss limit exhausted',
];

function sanitizerSays(tail: string): Said | null {
  if (outOfMemory.some((start) => tail.startsWith(start))) return { type: 'Out-of-memory' };
  // LeakSanitizer names the kind of leak on a later line.
  if (tail.startsWith('detected memory leaks')) return null;
  if (tail.startsWith('attempting free on address which was not malloc()-ed')) {
    return { type: 'Invalid-free', ...addressIn(tail) };
  }
  if (tail.startsWith('attempting double-free')) {
    return { type: 'Heap-double-free', ...addressIn(tail) };
  }
  if (tail.includes('memcpy-param-overlap')) return { type: 'Memcpy-param-overlap' };
  const kind = kindOf(tail);
  if (kind === 'FPE') return { type: 'Floating-point-exception' };
  const address = addressIn(tail);
  const wild = kind === 'SEGV' || kind === 'access-violation';
  if (wild && address.address !== undefined) return { type: 'UNKNOWN', ...address };
  if (wild) return { type: 'Segv on unknown address' };
  const type = titled(kind);
  return type === '' ? null : { type, ...address };
}

/** The words before ` on address`, or before the first punctuation. */
function kindOf(tail: string): string {
  for (const stop of [' on unknown address', ' on address', ' on 0x']) {
    const at = tail.indexOf(stop);
    if (at > 0 && at < 100) return tail.slice(0, at);
  }
  const stop = tail.slice(0, 100).search(/[(:;]/);
  return tail.slice(0, stop === -1 ? 100 : stop).trim();
}

/** The address after ` on …address` or `malloc()-ed:`, never the pc, bp or sp in brackets. */
function addressIn(tail: string): { readonly address?: string } {
  const pc = tail.indexOf('(pc');
  const found = /\b0x[0-9a-fA-F]{1,16}\b/.exec(pc === -1 ? tail : tail.slice(0, pc));
  return found === null ? {} : { address: found[0] };
}

function titled(kind: string): string {
  const words = kind
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
  const type = words.charAt(0).toUpperCase() + words.slice(1);
  if (type === 'Int-divide-by-zero') return 'Divide-by-zero';
  if (type === 'Illegal-instruction') return 'Ill';
  return type === 'Unknown-crash' ? 'UNKNOWN' : type;
}
