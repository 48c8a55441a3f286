import type { Id, Instant } from '@breakwater/kernel';
import type { NewContent } from '../../../../platform/commands/commands.ts';
import type { Look } from './extent.ts';
import type { NewCoverage } from './record-store.ts';
import type { Sharing } from './store.ts';

/** A wish as it was asked for; `from` null is now. */
export interface Asked {
  readonly look: Look;
  readonly sharing: Sharing;
  readonly from: Instant | null;
  readonly until: Instant;
}

/** A part that was looked at, read. */
export interface CoveredPart {
  readonly look: Look;
  readonly outcome: NewCoverage['outcome'];
}

/** Everything that changes claims; all of it takes the same turn. */
export type Command =
  | (Asked & { readonly kind: 'claim'; readonly listed: boolean })
  | { readonly kind: 'renew'; readonly claim: Id<'claim'>; readonly until: Instant }
  | { readonly kind: 'use'; readonly claim: Id<'claim'> }
  | {
      readonly kind: 'release';
      readonly claim: Id<'claim'>;
      readonly covered: readonly CoveredPart[];
    }
  | { readonly kind: 'offer'; readonly claim: Id<'claim'>; readonly to: Id<'party'> }
  | { readonly kind: 'answer-offer'; readonly claim: Id<'claim'>; readonly accept: boolean }
  | { readonly kind: 'override'; readonly claim: Id<'claim'>; readonly reason: NewContent }
  /** What an owner's wish ends, by the system. */
  | { readonly kind: 'end-all'; readonly claims: readonly Id<'claim'>[]; readonly why: 'opted-out' }
  /** Claims whose hour has come: warned, or ended. */
  | { readonly kind: 'pass-time'; readonly claims: readonly Id<'claim'>[] }
  | {
      readonly kind: 'wait';
      readonly look: Look;
      readonly sharing: Sharing;
      readonly hours: number;
      readonly giveUpAt: Instant;
      readonly listed: boolean;
    }
  | { readonly kind: 'withdraw'; readonly wait: Id<'wait'> }
  | { readonly kind: 'end-wait'; readonly wait: Id<'wait'>; readonly reason: NewContent }
  /** Those in line whose hour to be tried has come, in the published order. */
  | { readonly kind: 'serve-waits'; readonly waits: readonly Id<'wait'>[] }
  | (Asked & { readonly kind: 'ask-join' })
  | { readonly kind: 'answer-join'; readonly join: Id<'joining'>; readonly accept: boolean };

/** The claim that a command is about, where it names one. */
export function namedClaims(command: Command): readonly Id<'claim'>[] {
  switch (command.kind) {
    case 'renew':
    case 'use':
    case 'release':
    case 'offer':
    case 'answer-offer':
    case 'override':
      return [command.claim];
    case 'end-all':
    case 'pass-time':
      return command.claims;
    case 'claim':
    case 'wait':
    case 'withdraw':
    case 'end-wait':
    case 'serve-waits':
    case 'ask-join':
    case 'answer-join':
      return [];
  }
}

/** The extent that a command brings itself. */
export function broughtLook(command: Command): Look | null {
  return command.kind === 'claim' || command.kind === 'wait' || command.kind === 'ask-join'
    ? command.look
    : null;
}

/** Those in line that a command names. */
export function namedWaits(command: Command): readonly Id<'wait'>[] {
  if (command.kind === 'withdraw' || command.kind === 'end-wait') return [command.wait];
  return command.kind === 'serve-waits' ? command.waits : [];
}
