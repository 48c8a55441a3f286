import type { CallInput, Output, runs } from '@breakwater/contract';
import type { LogEvent } from '@breakwater/formats/eval-log';
import type { Id } from '@breakwater/kernel';
import type { Numbered } from '../benchmark/read-entries.ts';
import { eventEntry } from '../benchmark/transcript.ts';

/** Events of one page. */
export const pageEvents = 50;

/** The event that the address looks at; the first where it names none. */
export function atOf(search: Readonly<Record<string, string>>): number {
  const { at = '' } = search;
  return /^\d{1,7}$/.test(at) ? Number(at) : 0;
}

/** How the page on which an event stands is asked for. */
export function transcriptInput(
  sample: Id<'sample'>,
  at: number,
): CallInput<typeof runs.transcript> {
  const from = Math.floor(at / pageEvents) * pageEvents;
  return { params: { sample }, query: { from, limit: pageEvents } };
}

type Served = Output<typeof runs.transcript>['items'][number];

/** An event of the server as the viewer shows it; `entry` null where it is too large or no event. */
export function numberedOf({ at, bytes, event }: Served): Numbered {
  const read = event === null ? null : logEvent(event);
  if (read === null) return { at, bytes, time: '', entry: null };
  return { at, bytes, time: read.timestamp ?? '', entry: eventEntry(read) };
}

/** An id or a time of another form is left out; nothing is shown by them. */
function logEvent(fields: Readonly<Record<string, unknown>>): LogEvent | null {
  const { event, timestamp, uuid: _, span_id: __, ...rest } = fields;
  if (typeof event !== 'string') return null;
  return { ...rest, event, ...(typeof timestamp === 'string' ? { timestamp } : {}) };
}
