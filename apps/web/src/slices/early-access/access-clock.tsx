import { type AccessWindow, earlyAccess, earlyAccessDaysMax } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { DayClock } from '../../ui/day-clock.tsx';
import { useNow } from '../../ui/moment.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { dateIn, divideDays } from './days.ts';

interface AccessClockProps {
  readonly engagement: Id<'engagement'>;
  /** The window that is open, or about to be; undefined: none is. */
  readonly window: AccessWindow | undefined;
}

/** Days used of thirty by all windows of the model, and what is left of the one that is open. */
export function AccessClock({ engagement, window }: AccessClockProps) {
  const read = useLoad(earlyAccess.days, { params: { engagement } });
  const now = useNow(60_000);
  return (
    <Show what="the days" {...read}>
      {({ zone, used }) => {
        const days = divideDays(used, window?.days ?? [], dateIn(zone, now));
        return (
          <DayClock
            title={`Calendar days in ${zone.replaceAll('_', ' ')}`}
            {...days}
            of={earlyAccessDaysMax}
            ends={window?.ends ?? null}
            zone={zone}
          />
        );
      }}
    </Show>
  );
}
