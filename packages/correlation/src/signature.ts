import type { Crash, Frame } from './crash/crash.ts';

/**
 * The crash in one stable text: kind without access size, then the state, separated by ` | `.
 * Two crashes with equal signatures in one package are taken for one defect. The size is left
 * out because one overflow reads one byte or eight, as the input has it.
 */
export function signatureOf(crash: Crash): string {
  return [familyOf(crash.type), ...crash.state].join(' | ');
}

/**
 * One line that tells a person what happened, at most 300 characters:
 * `Heap-buffer-overflow READ 1 in parse_string`, `ASSERT: n < limit in parse_value`.
 */
export function headlineOf(crash: Crash): string {
  const frame = crash.frames.find(({ names }) => names !== undefined);
  const [first = 'NULL'] = crash.state;
  const said = first === 'NULL' || first === frame?.names ? '' : `: ${first}`;
  const where = frame?.names === undefined ? '' : ` in ${frame.names}`;
  return `${crash.type}${said}${where}`.slice(0, 300);
}

/** `Heap-buffer-overflow READ 8` gives `Heap-buffer-overflow READ`. */
function familyOf(type: string): string {
  return type.replace(/ (?:\d{1,2}|\{\*\})$/, '');
}

/**
 * Whether the crash is named well enough to join others by its signature.
 *
 * A message of a failed assertion names it, or a frame with a function. A module does not, since
 * all crashes of a program without symbols are in it; nor does a process, a fuzz target, its
 * entry or `NULL`.
 * Time-outs and memory that ran out are named by where they happened to be noticed: that is chance.
 */
export function isNamed(crash: Crash): boolean {
  if (byChance.includes(crash.type)) return false;
  if (crash.frames.some(isTelling)) return true;
  return telling.includes(crash.type) && crash.state.some(isWords);
}

/** A fuzz target's entry is on every stack of the target. */
function isTelling({ names, function: name }: Frame): boolean {
  return names !== undefined && name !== undefined && !name.startsWith('LLVMFuzzerTestOneInput');
}

/** An empty message leaves `NULL` for a state, which has letters and says nothing. */
function isWords(line: string): boolean {
  return line !== 'NULL' && /[A-Za-z]{3}/.test(line);
}

const byChance: readonly string[] = ['Out-of-memory', 'Overwrites-const-input', 'Timeout'];

/** Kinds whose first line is a condition or a type of the program. */
const telling: readonly string[] = [
  'ASSERT',
  'Bad-cast',
  'CHECK failure',
  'DCHECK failure',
  'RUNTIME_ASSERT',
  'Security CHECK failure',
  'Security DCHECK failure',
];
