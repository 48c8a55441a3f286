import type { Tiding } from '@breakwater/contract';
import { levels } from '../../../platform/commands/audience.ts';

/** What is told of an act, and to whom: those who see its subject at `level` or above. */
export interface Told {
  readonly kind: Tiding;
  readonly level: number;
}

/**
 * The acts of which members are told by mail. A level here is never below the one at which the act
 * stands on the timeline, or a mail would tell somebody of what it may not know.
 */
export const told: Readonly<Record<string, Told>> = {
  'validate.concluded': { kind: 'case', level: levels.all },
  'coordinate.owner-invited': { kind: 'case', level: levels.detail },
  'coordinate.verdict-given': { kind: 'case', level: levels.all },
  'coordinate.said': { kind: 'message', level: levels.detail },
  'coordinate.embargo-set': { kind: 'case', level: levels.summary },
  'coordinate.embargo-ended': { kind: 'case', level: levels.summary },
  'verify.proposed': { kind: 'case', level: levels.detail },
  'verify.concluded': { kind: 'case', level: levels.detail },
  'deconflict.claim-ending': { kind: 'case', level: levels.all },
  'deconflict.claim-ended': { kind: 'case', level: levels.all },
  'deconflict.overridden': { kind: 'case', level: levels.all },
  'deconflict.granted': { kind: 'case', level: levels.all },
  'deconflict.offered': { kind: 'case', level: levels.summary },
  'deconflict.join-wanted': { kind: 'case', level: levels.all },
  'deconflict.join-agreed': { kind: 'case', level: levels.all },
  'deconflict.knocked': { kind: 'case', level: levels.detail },
  'deconflict.knock-agreed': { kind: 'case', level: levels.all },
  'deconflict.control-contested': { kind: 'notice', level: levels.all },
  'deconflict.control-lapsed': { kind: 'notice', level: levels.all },
  'distribute.published': { kind: 'case', level: levels.summary },
  'distribute.revised': { kind: 'case', level: levels.summary },
  'distribute.notified': { kind: 'notice', level: levels.all },
};

/** The acts on a member's own ways in, of which it is always told. */
export const security: ReadonlySet<string> = new Set([
  'session.passkey-added',
  'session.passkey-removed',
]);
