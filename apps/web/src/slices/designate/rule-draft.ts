import { type Measure, RuleDocument } from '@breakwater/contract';
import { unitOf } from './figure-words.ts';

/** A rule as somebody types it. */
export interface RuleDraft {
  readonly suite: string;
  readonly measure: Measure;
  /** Percent of a share, minutes of a time. */
  readonly threshold: string;
  /** Percent. */
  readonly level: string;
  readonly tokens: string;
  readonly repetitions: string;
  readonly counts: 'all' | 'without-invalid';
}

/** The rule that a draft says; null: something is missing or has another form. */
export function ruleOf(draft: RuleDraft): RuleDocument | null {
  const { suite, measure, counts } = draft;
  const threshold = numberOf(draft.threshold);
  const tokens = numberOf(draft.tokens);
  const read = RuleDocument.safeParse({
    format: 'breakwater-threshold-rule/1',
    suite: suite.trim().replace(/^sha256:/, ''),
    measure,
    budget: draft.tokens.trim() === '' ? {} : { tokens },
    repetitions: numberOf(draft.repetitions),
    level: shareOf(numberOf(draft.level)),
    threshold: unitOf(measure) === 'share' ? shareOf(threshold) : threshold,
    counts,
  });
  const isShare = unitOf(measure) === 'minutes' || (threshold > 0 && threshold < 100);
  return read.success && isShare ? read.data : null;
}

function numberOf(text: string): number {
  return /^\d{1,9}([.]\d{1,6})?$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** A percentage as a share, without what division adds to it in binary. */
function shareOf(percentage: number): number {
  return Number((percentage / 100).toFixed(8));
}
