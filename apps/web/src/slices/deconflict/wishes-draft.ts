import type { Body, Channel, Wishes, wishes } from '@breakwater/contract';
import type { Choice } from '../../ui/field.tsx';
import { linesOf, weaknessesOf } from './claim-draft.ts';
import { draftOfQuiet, quietOf, type TimesDraft, timesWrong } from './times-draft.ts';

export interface NotDraft {
  readonly key: string;
  readonly weakness: string;
  readonly path: string;
  readonly words: string;
}

/** Wishes as their owner types them. */
export interface WishesDraft {
  readonly optOut: boolean;
  readonly optOutWords: string;
  readonly quiet: TimesDraft;
  readonly showPace: boolean;
  /** Empty: nothing is said. */
  readonly channel: Channel['kind'] | '';
  readonly address: string;
  /** Further channels that the form does not show, kept as they are. */
  readonly others: readonly Channel[];
  readonly policies: string;
  readonly threatModel: string;
  readonly nots: readonly NotDraft[];
}

type Written = Omit<Body<typeof wishes.stateWishes>, 'target' | 'ifRevision'>;

export const channelKinds = [
  ['', 'Not said'],
  ['here', 'Through a case here'],
  ['mail', 'By mail'],
  ['web', 'On a page'],
  ['phone', 'By telephone'],
] as const satisfies readonly Choice[];

/** What stands, to be changed; null: nothing does. */
export function draftOfWishes(standing: Wishes | null, zone: string): WishesDraft {
  const [first, ...others] = standing?.channels ?? [];
  return {
    optOut: standing !== null && standing.optOut !== null,
    optOutWords: standing?.optOut?.words ?? '',
    quiet: draftOfQuiet(standing?.quiet ?? [], zone),
    showPace: standing !== null && standing.pace !== null,
    channel: first?.kind ?? '',
    address: first?.address ?? '',
    others,
    policies: (standing?.policies ?? []).join('\n'),
    threatModel: standing?.threatModel ?? '',
    nots: (standing?.notVulnerabilities ?? []).map(({ weakness, path, words }, at) => ({
      key: `kept ${at}`,
      weakness: weakness ?? '',
      path: path ?? '',
      words: words ?? '',
    })),
  };
}

/** What keeps it from being sent; null: nothing. */
export function wishesWrong(draft: WishesDraft): string | null {
  const times = timesWrong(draft.quiet);
  if (times !== null) return times;
  const far = draft.channel !== '' && draft.channel !== 'here';
  if (far && draft.address.trim().length < 3) return 'Say where you are told first.';
  if (!linesOf(draft.policies).every((line) => /^https:\/\/./.test(line))) {
    return 'A policy page begins with https.';
  }
  return draft.nots.every(({ words }) => words.trim() !== '')
    ? null
    : 'Say of each why it is no vulnerability to you.';
}

/** Wishes as they are sent. */
export function wishesOf(draft: WishesDraft): Written {
  const words = draft.optOutWords.trim();
  return {
    optOut: draft.optOut ? { words: words === '' ? null : words } : null,
    quiet: quietOf(draft.quiet),
    showPace: draft.showPace,
    channels: [...channelsOf(draft), ...draft.others],
    policies: [...linesOf(draft.policies)],
    threatModel: draft.threatModel.trim() === '' ? null : draft.threatModel.trim(),
    notVulnerabilities: draft.nots.map((not) => ({
      weakness: weaknessesOf(not.weakness)[0] ?? null,
      path: not.path.trim() === '' ? null : not.path.trim(),
      words: not.words.trim(),
    })),
  };
}

function channelsOf({ channel, address }: WishesDraft): readonly Channel[] {
  if (channel === '') return [];
  return [{ kind: channel, address: channel === 'here' ? null : address.trim() }];
}
