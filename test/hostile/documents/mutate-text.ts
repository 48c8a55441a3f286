import { oddTexts } from './mutate-json.ts';
import type { Random } from './random.ts';

const REPEATS_MAX = 20_000;
const LENGTH_MAX = 2 << 20;

const separators: readonly [string, ...string[]] = [
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  ',',
  ';',
  ':',
  '/',
  '@',
  '#',
  '"',
  "'",
  '=',
  '|',
  '-',
  '.',
];

/** Breaks a text where its parts are: lines, words, numbers, separators. */
export function mutateText(text: string, random: Random): string {
  let changed = text;
  const steps = 1 + random.size(8);
  for (let step = 0; step < steps && changed.length < LENGTH_MAX; step += 1) {
    changed = random.once(2) ? alterLines(changed, random) : alterPart(changed, random);
  }
  return changed;
}

function alterLines(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  switch (random.below(6)) {
    case 0:
      lines.splice(at, 1 + random.size(4));
      break;
    case 1:
      lines.splice(random.below(lines.length), 0, line);
      break;
    case 2:
      lines.length = at;
      break;
    case 3:
      lines.splice(at, 1, ...repeated(line, random));
      break;
    case 4:
      lines[at] = line.repeat(Math.min(random.size(4096), Math.ceil(100_000 / (line.length + 1))));
      break;
    default:
      lines[at] = line.split('').toReversed().join('');
  }
  return lines.join(random.once(10) ? '\r\n' : '\n');
}

function repeated(line: string, random: Random): string[] {
  const times = random.once(40) ? random.below(REPEATS_MAX) : random.size(64);
  return Array.from({ length: Math.min(times, Math.ceil(1e6 / (line.length + 1))) }, () => line);
}

function alterPart(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + random.pick(oddTexts) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.size(64));
    case 2: {
      const sign = random.pick(separators);
      return text.slice(0, at) + sign.repeat(1 + random.size(1024)) + text.slice(at);
    }
    case 3:
      return numbered(text, random);
    case 4: {
      const part = text.slice(at, at + 1 + random.size(32));
      const times = Math.min(random.size(4096), Math.ceil(100_000 / (part.length + 1)));
      return text.slice(0, at) + part.repeat(times) + text.slice(at);
    }
    default: {
      const from = random.below(text.length + 1);
      return text.slice(0, at) + text.slice(from, from + random.size(256)) + text.slice(at);
    }
  }
}

const oddDigits: readonly [string, ...string[]] = [
  '',
  '-1',
  '0',
  '00',
  '1e9',
  '0x7fffffff',
  '4294967296',
  '9007199254740993',
  '1'.repeat(400),
  '٣',
];

/** One of the text's numbers becomes another that few expect. */
function numbered(text: string, random: Random): string {
  const numbers = [...text.slice(0, 100_000).matchAll(/\d+/g)];
  const chosen = numbers[random.below(numbers.length)];
  if (chosen === undefined) return text;
  const after = chosen.index + chosen[0].length;
  return text.slice(0, chosen.index) + random.pick(oddDigits) + text.slice(after);
}
