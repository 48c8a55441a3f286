import type { EndpointMark } from '@breakwater/contract';
import { estimateTokens } from './estimate.ts';
import type { CallKind, Figures } from './figures.ts';

/** What an upstream told. */
export type Told = Pick<Figures, 'inputTokens' | 'outputTokens'>;

/** What figures are held against. */
export interface Doubted {
  readonly kind: CallKind;
  readonly stream: boolean;
  /** What was reserved: the most that it was to come to. */
  readonly reserved: Told;
  /** The body as it came; null: not all that the model read is text in it, read once. */
  readonly text: Buffer | null;
  /** UTF-16 units of the model's words in the answer, as far as they were looked at. */
  readonly said: number;
}

/**
 * How far figures may lie from the estimate. Those of usual tokenizers lie between 0.5 and 2.1 times
 * of it, and 98 of 100 between 0.68 and 1.43 (docs/rules/gateway.md).
 */
const fewest = 1 / 8;
const most = 4;
/** So much may come of a short text: what providers put in front of it, and the form itself. */
const formMost = 1_024;
/** The least of a text of so few tokens is not held against it. */
const formFewest = 32;
/** Letters that a token of an answer has on average at most: real texts have six. */
const unitsOfToken = 24;
/** Streams of responses tell each word in its event and up to four times more. */
const timesTold = 5;

/**
 * What is to be said of an upstream's figures. They count as they are, whatever is said: an estimate
 * is no measure to charge by.
 */
export function doubtsOf(told: Told, of: Doubted): readonly EndpointMark[] {
  const { reserved } = of;
  const isBeyond =
    told.inputTokens > reserved.inputTokens || told.outputTokens > reserved.outputTokens;
  const isUnlikely = inputIsUnlikely(told, of) || outputIsUnlikely(told, of);
  return [
    ...(isBeyond ? (['figures-beyond-bound'] as const) : []),
    ...(isUnlikely ? (['figures-unlikely'] as const) : []),
  ];
}

function inputIsUnlikely({ inputTokens }: Told, { text }: Doubted): boolean {
  if (text === null) return false;
  const estimate = estimateTokens(text);
  if (inputTokens > estimate * most + formMost) return true;
  return inputTokens < (estimate - formFewest) * fewest;
}

/** More than the words is no sign: what a model thought is counted, and not shown. */
function outputIsUnlikely({ outputTokens }: Told, { kind, stream, said }: Doubted): boolean {
  const times = kind === 'responses' && stream ? timesTold : 1;
  return kind !== 'embeddings' && outputTokens * unitsOfToken < said / times;
}
