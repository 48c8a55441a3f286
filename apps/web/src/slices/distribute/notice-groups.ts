import type { Notice } from '@breakwater/contract';

export interface NoticeGroup {
  readonly title: string;
  /** Whether somebody still has to do something. */
  readonly open: boolean;
  readonly notices: readonly Notice[];
}

const dayMs = 86_400_000;

/**
 * The cards in the order in which to take them up, seen from `now` (Unix milliseconds): what is
 * late, what ends within a week, what can wait, what somebody else has, what was reported.
 */
export function groupsOf(notices: readonly Notice[], now: number): readonly NoticeGroup[] {
  const open = notices.filter(({ status }) => status === 'open').toSorted(byDue);
  const dueIn = ({ card }: Notice) =>
    card.dueAt === null ? Number.POSITIVE_INFINITY : Date.parse(card.dueAt) - now;
  const groups = [
    { title: 'Late', open: true, notices: open.filter((n) => dueIn(n) <= 0) },
    {
      title: 'Within a week',
      open: true,
      notices: open.filter((n) => dueIn(n) > 0 && dueIn(n) <= 7 * dayMs),
    },
    { title: 'Later', open: true, notices: open.filter((n) => dueIn(n) > 7 * dayMs) },
    {
      title: 'Somebody else does it',
      open: true,
      notices: notices.filter(({ status }) => status === 'helper').toSorted(byDue),
    },
    {
      title: 'Reported, or resolved by a newer list',
      open: false,
      notices: notices.filter(({ status }) => status !== 'open' && status !== 'helper'),
    },
  ];
  return groups.filter((group) => group.notices.length > 0);
}

function byDue(a: Notice, b: Notice): number {
  const due = ({ card }: Notice) => card.dueAt ?? '~';
  return due(a) < due(b) ? -1 : due(a) > due(b) ? 1 : 0;
}
