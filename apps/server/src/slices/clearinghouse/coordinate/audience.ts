import type { Embargo } from '@breakwater/contract';
import { isNoNarrowerThan, type Tlp } from '@breakwater/kernel';
import { coordinators, type Grant, levels } from '../../../platform/commands/audience.ts';

/** Who takes part in a case, and as what. */
export type Participants = readonly {
  readonly party: string;
  readonly role: 'owner' | 'finder';
}[];

/**
 * Who may see a case, and how much: coordinators all, its owners the detail they work with, its
 * finders that it exists and how far it is (VIS-2, docs/rules/disclosures.md).
 */
export function caseAudience(participants: Participants): readonly Grant[] {
  return [
    { principal: coordinators, level: levels.all },
    ...participants.map((p) => ({
      principal: p.party,
      level: p.role === 'owner' ? levels.detail : levels.summary,
    })),
  ];
}

/** What the audience of a finding is made of. */
export interface MarkedFinding {
  readonly reporter: string;
  /** TLP 2.0, as its reporter marked it: the source, which alone says how far it may go. */
  readonly marking: Tlp;
  /** Of the case it is in. */
  readonly embargo: Embargo['state'];
}

/**
 * Who may see one finding of a case: its reporter and coordinators all. Its owners the detail,
 * unless it is marked RED (VIS-4). The other finders nothing, unless it is marked CLEAR and the
 * embargo has ended (VIS-6).
 */
export function findingAudience(
  finding: MarkedFinding,
  participants: Participants,
): readonly Grant[] {
  const { reporter, marking, embargo } = finding;
  const toOwners = isNoNarrowerThan(marking, 'AMBER+STRICT');
  const toFinders = marking === 'CLEAR' && embargo === 'ended';
  return [
    { principal: coordinators, level: levels.all },
    { principal: reporter, level: levels.all },
    ...participants
      .filter((p) => (p.role === 'owner' ? toOwners : toFinders))
      .map((p) => ({ principal: p.party, level: levels.detail })),
  ];
}
