import type {
  AuthorizationState,
  Claim,
  ClaimAnswer,
  ControlState,
  ControlWay,
  Covered,
  LeaveReason,
  Method,
} from '@breakwater/contract';
import type { z } from 'zod';
import type { Tone } from '../../ui/badge.tsx';

type Told = readonly [words: string, tone: Tone];

/** What each method is, in a word and in a line. */
export const methodWords: Readonly<Record<Method, readonly [word: string, more: string]>> = {
  read: ['Read', 'Read the source.'],
  static: ['Static analysis', 'Tools that read the source or the binary and run nothing.'],
  fuzz: ['Local fuzzing', 'On a copy of your own, on your own machines.'],
  passive: ['Passive look', 'What a live system shows to every visitor.'],
  active: ['Active scan', 'Requests that probe a live system.'],
  exploit: ['Proof of exploitation', 'Showing on a live system that a weakness can be used.'],
};

/** The same, short, inside a sentence. */
export function methodsWords(methods: readonly Method[]): string {
  return methods.map((method) => methodWords[method][0].toLowerCase()).join(', ');
}

export type Outcome = z.infer<typeof Covered>['outcome'];

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  'nothing-found': 'Nothing found',
  findings: 'Findings handed in',
  unfinished: 'Not finished',
};

export const claimStateWords: Readonly<Record<Claim['state'], Told>> = {
  ahead: ['Begins later', 'plain'],
  live: ['Held', 'sea'],
  released: ['Released', 'plain'],
  'handed-over': ['Handed over', 'plain'],
  expired: ['Ran out', 'warn'],
  lapsed: ['Lapsed: not used', 'warn'],
  overridden: ['Ended by a coordinator', 'fired'],
  'opted-out': ['The owner opted out', 'fired'],
  stopped: ['Stopped by the owner', 'fired'],
};

export const answerWords: Readonly<Record<ClaimAnswer['answer'], Told>> = {
  granted: ['Nobody else is there', 'held'],
  beside: ['Others are there too, side by side', 'sea'],
  conflict: ['Not free', 'warn'],
};

export const wayWords: Readonly<Record<ControlWay, readonly [word: string, more: string]>> = {
  dns: ['A DNS record', 'Proves a host and all that it serves.'],
  'well-known': ['A file on the web server', 'Proves what this one host serves.'],
  repository: ['A file in the repository', 'Proves the repository.'],
  statement: ['A statement', 'A coordinator reads it and decides.'],
};

export const controlStateWords: Readonly<Record<ControlState, Told>> = {
  pending: ['Not proven yet', 'warn'],
  proven: ['Proven', 'held'],
  contested: ['Two claim it', 'fired'],
  lapsed: ['Proof lapsed', 'fired'],
  withdrawn: ['Withdrawn', 'plain'],
};

export const authorizationStateWords: Readonly<Record<AuthorizationState, Told>> = {
  'in-force': ['In force', 'held'],
  'not-yet': ['Begins later', 'plain'],
  over: ['Over', 'plain'],
  revoked: ['Taken back', 'plain'],
  'control-missing': ['Control not proven', 'warn'],
  'control-lapsed': ['Suspended: proof lapsed', 'fired'],
  'control-contested': ['Suspended: two claim control', 'fired'],
  stopped: ['Stopped', 'fired'],
};

export const reasonWords: Readonly<Record<LeaveReason, string>> = {
  allowed: 'An authorization allows it.',
  'needs-no-leave': 'Open source may be read and fuzzed locally without leave.',
  'no-authorization': 'No authorization names this place.',
  'out-of-scope': 'The owner left this place out.',
  'method-not-allowed': 'This method is not among those allowed.',
  'not-yet': 'The time it is allowed for has not begun.',
  over: 'The time it was allowed for is over.',
  'never-time': 'It is a time at which nothing may run.',
  'control-missing': 'The owner has not proven control of this place.',
  'control-lapsed': 'The owner’s proof of control has lapsed.',
  'control-contested': 'Two parties claim control of this place.',
  stopped: 'A stop stands there.',
};

/** Why a proof was not found, as its owner needs it. */
export const failureWords: Readonly<Record<string, string>> = {
  'proof-missing': 'Something was found there, but not this text.',
  'proof-unreachable': 'Nothing answered there.',
  'address-not-allowed': 'The name leads to an address that is not public, or elsewhere.',
};

export const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Days of a week in few words: `Mon–Fri`, `Sat, Sun`, `every day`. ISO 8601: 1 is Monday. */
export function daysWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length === 7) return 'every day';
  const runs: [number, number][] = [];
  for (const day of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs
    .map(([from, to]) => {
      const [first, final] = [dayNames[from - 1] ?? '', dayNames[to - 1] ?? ''];
      if (from === to) return first;
      return to === from + 1 ? `${first}, ${final}` : `${first}–${final}`;
    })
    .join(', ');
}
