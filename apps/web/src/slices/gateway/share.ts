import type { KeyLimits } from '@breakwater/contract';

const spans = ['minute', 'day', 'grant'] as const;

/** One of so many equal parts of what is left, rounded down; of what there is at all, one is left. */
export function shareOf(left: KeyLimits, parts: number): KeyLimits {
  const part = (amount: number) => (amount === 0 ? 0 : Math.max(1, Math.floor(amount / parts)));
  const quotas = Object.fromEntries(
    spans.map((span) => [
      span,
      Object.fromEntries(
        Object.entries(left[span]).flatMap(([kind, amount]) =>
          amount === undefined ? [] : [[kind, part(amount)]],
        ),
      ),
    ]),
  );
  return { ...left, ...quotas, concurrency: part(left.concurrency) };
}
