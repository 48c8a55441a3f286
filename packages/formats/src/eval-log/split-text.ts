import type { Result } from '@breakwater/kernel';
import type { JsonPiece, JsonSplitter, SplitCode } from '../json/split-json.ts';
import { type EvalLogCode, LogFault } from './fault.ts';
import type { LogText } from './text.ts';

const codes: Readonly<Record<SplitCode, EvalLogCode>> = {
  'not-json': 'not-json',
  'not-utf8': 'not-json',
  'too-deep': 'too-deep',
  'too-many-members': 'too-many',
};

/** The pieces of a text as it comes; a fault, with the byte where, for what is no JSON. */
export async function* splitText(
  text: Pick<LogText, 'stream' | 'name'>,
  splitter: JsonSplitter,
): AsyncGenerator<JsonPiece> {
  for await (const chunk of text.stream()) yield* taken(splitter.push(chunk), text.name);
  yield* taken(splitter.end(), text.name);
}

function taken(result: Result<readonly JsonPiece[], SplitCode>, named: string) {
  if (result.ok) return result.value;
  const { code, got, ...words } = result.refusal;
  throw new LogFault({ ...words, code: codes[code], got: `${named}: ${got}` });
}
