import { RuleDocument } from '@breakwater/contract';
import {
  bytesToHex,
  canonicalJson,
  fromUtf8,
  type Instant,
  type Json,
  ok,
  type Result,
  refuse,
  sha256,
} from '@breakwater/kernel';
import type { RuleFacts } from './model.ts';

/** DES-2: the text of a rule, one for one meaning (RFC 8785), and its digest. */
export function sealed(document: RuleDocument): { readonly text: string; readonly digest: string } {
  const bytes = canonicalJson(asJson(document));
  return { text: fromUtf8(bytes), digest: `sha256:${bytesToHex(sha256(bytes))}` };
}

export function readRule(text: string): RuleDocument {
  return RuleDocument.parse(JSON.parse(text));
}

/** What of a rule decides which runs it judges. */
export function ruleFacts(
  id: RuleFacts['id'],
  document: RuleDocument,
  committedAt: Instant | null,
): RuleFacts {
  const { suite, budget, repetitions } = document;
  return { id, committedAt, suite, budget: budgetText(budget), repetitions };
}

/** One text for one budget. */
export function budgetText(budget: RuleDocument['budget']): string {
  return fromUtf8(canonicalJson(asJson(budget)));
}

/** A share lies from 0 to 1; a rule beyond has no meaning. */
export function decideRule(document: RuleDocument): Result<null, 'threshold-out-of-range'> {
  const isShare = document.measure === 'accuracy' || document.measure === 'generalized-accuracy';
  return isShare && document.threshold > 1 ? refuse(outOfRange) : ok(null);
}

/** Without members that were left out: they have no place in canonical JSON. */
function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}

const outOfRange = {
  code: 'threshold-out-of-range',
  expected: 'a share from 0 to 1 as threshold of an accuracy',
  got: 'more',
  todo: 'give the share, such as 0.5, or measure a time horizon in minutes',
  pointer: '/document/threshold',
} as const;
