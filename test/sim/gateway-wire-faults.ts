import { parseAsked } from '../../apps/server/src/slices/frontier/gateway/wire/asked.ts';
import { type Amounts, type Called, prices, type Row, type Served } from './gateway-wire-seen.ts';

export type FaultKind =
  | 'a call without its one settlement'
  | 'a settlement of no call'
  | 'other figures than were told'
  | 'another reservation than was asked for'
  | 'spent beyond a quota'
  | 'meters that tell another sum'
  | 'more at one time than may be'
  | 'a wrong refusal'
  | 'an unasked refusal'
  | 'another answer than was given'
  | 'left over';

/** What cannot be, by its kind; nothing where all is well. */
export type Faults = Readonly<Partial<Record<FaultKind, readonly string[]>>>;

export type Tell = (kind: FaultKind, text: string) => void;

/** A settlement with its call, and what endpoints know of that. */
export interface Joined {
  readonly row: Row;
  readonly call: Called;
  readonly served: readonly Served[];
}

/** What a call takes at most, at the dearest of all endpoints. */
export function boundOf(call: Called, outputTokens: number): Amounts {
  const asked = parseAsked(call.isMessages ? 'messages' : 'chat', Buffer.from(call.body));
  const inputTokens = asked.ok ? (asked.value.input.tokens ?? 0) : 0;
  const all = Object.values(prices);
  const input = Math.max(...all.map((price) => Math.max(price.input, price.cached)));
  const output = Math.max(...all.map((price) => price.output));
  const cost = BigInt(inputTokens) * BigInt(input) + BigInt(outputTokens) * BigInt(output);
  return { inputTokens, outputTokens, costMicros: Number((cost + 999_999n) / 1_000_000n) };
}
