import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Id, Instant } from '@breakwater/kernel';
import type { Meters } from '../meters/model.ts';
import type { BodyKeeper } from '../record/bodies.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Watcher } from '../watch/watcher.ts';
import type { Known } from './admission.ts';
import type { Asked } from './asked.ts';
import type { Wire } from './refusal.ts';
import type { Upstreams } from './upstreams.ts';

/** What calls stand on. */
export interface ExchangeParts {
  readonly meters: Meters;
  readonly upstreams: Upstreams;
  readonly watcher: Watcher | null;
  readonly keeper: BodyKeeper;
  readonly telemetry: Pick<Telemetry, 'onRefused' | 'onSettled'>;
  readonly now: () => Instant;
  readonly nowMs: () => number;
  readonly limits: {
    /** How long an answer that nobody takes any more is read for its figures, in milliseconds. */
    readonly drainMsMax: number;
    readonly stallMsMax: number;
    readonly triesMax: number;
    /** The longest wait between two tries, in milliseconds. */
    readonly betweenMsMax: number;
  };
}

/** A call as it came: admitted and parsed, nothing of it taken yet. */
export interface Came {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly wire: Wire;
  readonly known: Known;
  readonly asked: Asked;
  /** The address it came from; null: not known. */
  readonly address: string | null;
  /** What it is carried out for, by the gateway itself; null: a client called. */
  readonly job: Id<'job'> | null;
}
