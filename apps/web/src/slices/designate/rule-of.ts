import type { ThresholdRule } from '@breakwater/contract';
import { canonicalJson, digestOf, type Json } from '@breakwater/kernel';
import { z } from 'zod';

/** What the entry of the log says that commits a rule. */
const Registered = z.object({
  act: z.literal('designate.rule-registered'),
  data: z.object({ rule: z.string(), digest: z.string() }),
});

/** Whether an entry of the log commits this rule, by the digest that it is shown with. */
export function isRuleOf(
  content: Json,
  { id, digest }: Pick<ThresholdRule, 'id' | 'digest'>,
): boolean {
  const registered = Registered.safeParse(content);
  if (!registered.success) return false;
  const { data } = registered.data;
  return data.rule === id && data.digest === digest;
}

/** Whether the document that is shown has the digest: of its canonical JSON (RFC 8785). An erased one has none. */
export function hasDigest({
  document,
  digest,
}: Pick<ThresholdRule, 'document' | 'digest'>): boolean {
  const read = z.json().safeParse(document);
  return read.success && digestOf(canonicalJson(read.data)) === digest;
}
