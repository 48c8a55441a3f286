import { pathOf } from '../../app/paths.ts';
import type { ListName } from './read-entries.ts';

/** Where one is on the page, as the address says it. */
export interface Place {
  readonly show: 'logs' | 'figures' | 'plan';
  /** The name of the opened log; empty: the first. */
  readonly log: string;
  /** The samples from here on. */
  readonly from: number;
  readonly sample: string;
  readonly epoch: number;
  readonly list: ListName;
  /** The message or event that is looked at. */
  readonly at: number;
}

/** Reads the address; what does not fit is as if it were not there. */
export function placeOf(search: Readonly<Record<string, string>>): Place {
  const { show, log = '', from, sample = '', epoch, list, at } = search;
  return {
    show: show === 'figures' || show === 'plan' ? show : 'logs',
    log,
    from: numberOf(from, 0),
    sample,
    epoch: numberOf(epoch, 1),
    list: list === 'events' ? 'events' : 'messages',
    at: numberOf(at, 0),
  };
}

function numberOf(text: string | undefined, other: number): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : other;
}

/** The address of a place; what is as it is at first is left out. */
export function addressOf(place: Place, change: Partial<Place> = {}): string {
  const { show, log, from, sample, epoch, list, at } = { ...place, ...change };
  if (show !== 'logs') return pathOf('benchmark', { show });
  const isOpen = sample !== '';
  return pathOf('benchmark', {
    log,
    from: from === 0 ? '' : String(from),
    sample,
    epoch: isOpen ? String(epoch) : '',
    list: isOpen && list === 'events' ? list : '',
    at: isOpen && at > 0 ? String(at) : '',
  });
}
