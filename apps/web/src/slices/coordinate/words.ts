import type { DueReason, ownerVerdicts, WaitsFor } from '@breakwater/contract';

/** Whose act brings a case on. */
export const waitWords = {
  coordinator: 'the coordinator',
  owner: 'the owner',
  finder: 'the finder',
  nobody: 'nobody',
} as const satisfies Record<WaitsFor, string>;

/** Why a case is overdue, as a heading of its own. */
export const dueWords = {
  'embargo-ended': 'Embargo over, not published',
  'owner-silent': 'Owner silent',
  'coordinator-silent': 'Waiting for a coordinator',
  'proof-stuck': 'Proof not run',
  'patch-stuck': 'Patch not verified',
} as const satisfies Record<DueReason, string>;

/** What an owner says a case is. */
export const verdictWords = {
  affected: 'Affected',
  'not-affected': 'Not affected',
  'will-not-fix': 'Will not fix',
  disputed: 'Disputed',
} as const satisfies Record<(typeof ownerVerdicts)[number], string>;
