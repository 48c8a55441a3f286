import type { Instant, Json } from '@breakwater/kernel';

export interface Job {
  /** The outbox row's id: the same work always has the same id, however often it is delivered. */
  readonly id: string;
  readonly payload: { readonly [key: string]: Json };
  /** Aborted when the worker stops or the job has lost its lease. */
  readonly signal: AbortSignal;
}

/** Does one job. Throwing means: try again later, and after the last try keep it as dead. */
export type JobHandler = (job: Job) => Promise<void>;

export interface DeadLetter {
  readonly id: string;
  readonly job: string;
  readonly payload: { readonly [key: string]: Json };
  readonly failedAt: Instant;
  readonly error: string;
}

/**
 * The queue port: at-least-once work, fed from the outbox after commit.
 *
 * Durability: a job exists once its outbox row is committed; the relay may run any number of times. It
 * waits for a server as long as it takes.
 * Retries: with growing pauses, `triesMax` in all; then a person sees it under dead letters.
 * Limits: a handler is given `expireSeconds`. A job whose process died is due again when a server
 * starts that is alone on the database, and that counts for no try; while others run, they notice
 * within half a minute, and it does.
 */
export interface Queue {
  start(handlers: Readonly<Record<string, JobHandler>>): Promise<void>;
  /** Moves committed outbox rows into the queue and wakes who waits for them; 0 unless started. */
  relay(): Promise<number>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Gives a dead letter another round of tries; false if there is none with that id. */
  replay(id: string): Promise<boolean>;
  stop(): Promise<void>;
}

export const triesMax = 6;
export const expireSeconds = 3_600;
