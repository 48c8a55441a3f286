import type { KeyReasons, PartnerAsk, PartnerCriterion } from '@breakwater/contract';

/** What one says of each criterion, as typed. */
export type KeyDraft = Readonly<Record<string, { readonly met: string; readonly why: string }>>;

/** The criteria that are judged where this is asked for. */
export function judged(
  criteria: readonly PartnerCriterion[],
  asks: PartnerAsk,
): readonly PartnerCriterion[] {
  return criteria.filter(({ appliesTo }) => appliesTo.includes(asks));
}

/** Why it cannot be sent yet: each criterion needs a word, and what is not met a reason. */
export function keyLacks(
  criteria: readonly PartnerCriterion[],
  draft: KeyDraft,
  reason: string,
): string | null {
  const open = criteria.filter(({ id }) => (draft[id]?.met ?? '') === '').length;
  if (open > 0) return open === 1 ? 'One criterion is left.' : `${open} criteria are left.`;
  const bare = criteria.filter(
    ({ id }) => draft[id]?.met === 'no' && (draft[id]?.why ?? '').trim() === '',
  );
  if (bare.length > 0) return 'Say why of each that is not met.';
  return reason.trim().length < 3 ? 'Sum it up first.' : null;
}

/** What follows: all met is to accept, and anything else to decline. */
export function verdictOf(
  criteria: readonly PartnerCriterion[],
  draft: KeyDraft,
): 'accept' | 'decline' | null {
  if (criteria.some(({ id }) => draft[id]?.met === 'no')) return 'decline';
  const isWhole = criteria.length > 0 && criteria.every(({ id }) => draft[id]?.met === 'yes');
  return isWhole ? 'accept' : null;
}

/** What is sent. */
export function reasonsOf(
  criteria: readonly PartnerCriterion[],
  draft: KeyDraft,
  reason: string,
): KeyReasons {
  return {
    findings: criteria.map(({ id }) => {
      const why = (draft[id]?.why ?? '').trim();
      return { criterion: id, met: draft[id]?.met === 'yes', ...(why === '' ? {} : { why }) };
    }),
    reason: reason.trim(),
  };
}
