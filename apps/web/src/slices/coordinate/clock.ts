import type { Embargo } from '@breakwater/contract';
import { fullMoment, spanWords } from '../../ui/time.ts';

export interface Clock {
  readonly tone: 'plain' | 'warn' | 'held';
  readonly headline: string;
  /** The hour as it was set, in the zone it was set in; then the reader's own, where different. */
  readonly lines: readonly string[];
}

const because = {
  time: 'its hour came',
  public: 'the matter became public',
  published: 'the advisory was published',
} as const;

/** What the embargo clock says at `now` (Unix milliseconds) to a reader in `readerZone`. */
export function clockOf(embargo: Embargo, now: number, readerZone: string): Clock {
  switch (embargo.state) {
    case 'open':
      return {
        tone: 'plain',
        headline: 'Embargo open',
        lines: ['No hour is set yet. Keep what you read here to the participants.'],
      };
    case 'until': {
      const left = Date.parse(embargo.endsAt) - now;
      return {
        tone: 'warn',
        headline: left > 0 ? `${spanWords(left)} left` : 'The hour has come',
        lines: inBothZones(embargo.endsAt, embargo.zone, readerZone),
      };
    }
    case 'ended':
      return {
        tone: 'held',
        headline: 'Embargo over',
        lines: [
          `It ended because ${because[embargo.because]}.`,
          fullMoment(embargo.endedAt, readerZone),
        ],
      };
  }
}

function inBothZones(instant: string, zone: string, readerZone: string): string[] {
  const set = fullMoment(instant, zone);
  const own = fullMoment(instant, readerZone);
  return set === own ? [`Ends ${set}`] : [`Ends ${set}`, `Your time: ${own}`];
}
