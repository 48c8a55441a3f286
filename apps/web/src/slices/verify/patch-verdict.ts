import type { Patch } from '@breakwater/contract';
import type { Tone } from '../../ui/badge.tsx';

export interface PatchVerdict {
  readonly label: string;
  readonly tone: Tone;
  readonly words: string;
}

/** Where a patch stands. Until it is verified it is only a proposal. */
export function verdictOf(verification: Patch['verification']): PatchVerdict {
  switch (verification?.verdict) {
    case 'verified':
      return {
        label: 'Verified',
        tone: 'held',
        words: 'Every proof fires without the patch and none fires with it.',
      };
    case 'refused':
      return {
        label: 'Refused',
        tone: 'fired',
        words: 'The patch does not stop what it must stop.',
      };
    case 'inconclusive':
      return { label: 'Inconclusive', tone: 'warn', words: 'The runs do not allow a verdict.' };
    case 'errored':
      return { label: 'Errored', tone: 'warn', words: 'The runs could not be carried out.' };
    case null:
    case undefined:
      return {
        label: 'Proposed',
        tone: 'plain',
        words: 'Not verified yet: it is only a proposal.',
      };
  }
}
