import type { Suite } from '@breakwater/contract';
import type { Json } from '@breakwater/kernel';
import { z } from 'zod';

/** What the entry of the log says that seals a suite. */
const Seal = z.object({
  act: z.literal('benchmark.sealed'),
  data: z.object({ suite: z.string(), commitment: z.string(), count: z.number() }),
});

/** Whether an entry of the log seals this suite, with this root over this many items. */
export function isSealOf(
  content: Json,
  { id, commitment, count }: Pick<Suite, 'id' | 'commitment' | 'count'>,
): boolean {
  const seal = Seal.safeParse(content);
  if (!seal.success) return false;
  const { data } = seal.data;
  return data.suite === id && data.commitment === commitment && data.count === count;
}
