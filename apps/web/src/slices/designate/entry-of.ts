import type { Determination, ThresholdRule } from '@breakwater/contract';
import { canonicalJson, digestOf, type Json } from '@breakwater/kernel';
import { z } from 'zod';

/** What the entry of the log says that commits a rule. */
const Registered = z.object({
  act: z.literal('designate.rule-registered'),
  data: z.object({ rule: z.string(), digest: z.string() }),
});

/** What the entry of the log says that holds a determination. */
const Entered = z.object({
  act: z.literal('designate.determination-entered'),
  data: z.object({
    determination: z.string(),
    outcome: z.string(),
    date: z.string(),
    reference: z.string(),
  }),
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
  return document !== null && read.success && digestOf(canonicalJson(read.data)) === digest;
}

/** Whether an entry of the log holds this determination, as it is shown. */
export function isDeterminationOf(
  content: Json,
  shown: Pick<Determination, 'id' | 'outcome' | 'date' | 'reference'>,
): boolean {
  const entered = Entered.safeParse(content);
  if (!entered.success) return false;
  const { determination, outcome, date, reference } = entered.data.data;
  return (
    determination === shown.id &&
    outcome === shown.outcome &&
    date === shown.date &&
    reference === shown.reference
  );
}
