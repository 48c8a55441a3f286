import type { AnswerScore } from '@breakwater/benchmark';
import type { Limits } from '@breakwater/meter';
import type { Script, SeedFile } from '@breakwater/runner';
import type { Leak } from '../journal/records.ts';
import type { Message } from '../models/messages.ts';

/** How what was handed in is judged. */
export type Scorer =
  | { readonly kind: 'answer'; readonly judge: (answer: string) => AnswerScore }
  | { readonly kind: 'script'; readonly script: Script };

/** One task, once: everything a sample needs. */
export interface SampleJob {
  /** The id of the sample in the log: the task's name. */
  readonly id: string;
  readonly epoch: number;
  /** Of this sample in this run. */
  readonly uuid: string;
  readonly prompt: string;
  readonly files: readonly SeedFile[];
  readonly setup?: Script;
  readonly services?: Script;
  readonly scorer: Scorer;
  readonly limits: Limits;
  /** What is told of it in the log. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What a transcript holds that it ought not to. */
  readonly leaksIn: (messages: readonly Message[]) => readonly Leak[];
}

/** What a world of a task and its scorer need of a job. */
export type TaskJob = Omit<SampleJob, 'uuid' | 'limits' | 'metadata' | 'leaksIn'>;

/** The name of a sample's folder and in words. */
export function nameOf({ id, epoch }: Pick<SampleJob, 'id' | 'epoch'>): string {
  return `${id}_epoch_${epoch}`;
}
