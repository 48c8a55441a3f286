import { Amounts } from '@breakwater/meter';
import { z } from 'zod';
import { Message, ToolMessage, UserMessage } from '../models/messages.ts';
import { Attempt, ModelAnswer } from '../models/model.ts';

// What stands in the journal of a sample. A record says what happened and what it came to; where
// things stand follows from all of them (replay.ts).

const at = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);

/** Whether the world let anything out, as it was tried from inside. */
export const Sealing = z.object({
  at,
  when: z.enum(['before', 'during', 'after']),
  sealed: z.boolean(),
  evidence: z.unknown(),
});
export type Sealing = z.infer<typeof Sealing>;

/** A world was opened and nothing was asked yet. */
const Begun = z.object({
  type: z.literal('begun'),
  at,
  messages: z.array(Message),
  /** The walls, read from inside when the world was opened. */
  evidence: z.unknown(),
  sealing: Sealing,
  /** The manifest of the world's files, as a blob. */
  world: sha256,
  spent: Amounts,
});

/** A call was sent: what it can take at most. Without an answer behind it, it was cut in flight. */
const Sent = z.object({
  type: z.literal('sent'),
  at,
  turn: z.int().min(1),
  call: z.string(),
  bound: Amounts,
});

/** An attempt failed after the provider may have worked. Its bound is counted apart. */
const Lost = z.object({ type: z.literal('lost'), at, call: z.string(), attempt: Attempt });

/** A call came to its end. */
const Answered = z.object({
  type: z.literal('answered'),
  at,
  turn: z.int().min(1),
  call: z.string(),
  /** The messages that were sent, where an agent of one's own put them together. */
  sent: z.array(Message).optional(),
  id: z.string(),
  answer: ModelAnswer.nullable(),
  attempts: z.array(Attempt),
  spent: Amounts,
  /** What went beyond the grant: the provider did that. */
  excess: Amounts.partial(),
  seconds: z.number(),
});

const ToolRun = z.object({
  at,
  message: ToolMessage,
  arguments: z.record(z.string(), z.unknown()),
  seconds: z.number(),
  submitted: z.string().optional(),
});
export type ToolRun = z.infer<typeof ToolRun>;

/** A turn came to its end: what follows an answer, and the world's files as they are now. */
const Turn = z.object({
  type: z.literal('turn'),
  at,
  turn: z.int().min(0),
  tools: z.array(ToolRun),
  /** What the loop says where no tool was used. */
  said: UserMessage.optional(),
  world: sha256,
  sealing: Sealing.optional(),
  spent: Amounts,
});

/** The run was begun again after a stop. */
const Resumed = z.object({
  type: z.literal('resumed'),
  at,
  /** Calls that were cut in flight, with what they can have taken at most. */
  cut: z.array(z.object({ call: z.string(), bound: Amounts })),
  /** Processes of the agent that ran and do not any more. */
  lost: z.array(z.string()),
  evidence: z.unknown(),
  sealing: Sealing,
  /** An agent of one's own holds its state itself: its sample begins again. */
  isFromStart: z.boolean(),
});

export const LimitKind = z.enum(['message', 'token', 'turn', 'time', 'working', 'cost']);
export type LimitKind = z.infer<typeof LimitKind>;

/** Why a sample is over. */
export const SampleEnd = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('submitted'), answer: z.string() }),
  z.object({
    kind: z.literal('limit'),
    type: LimitKind,
    limit: z.number(),
    scope: z.enum(['sample', 'run']),
  }),
  /** The provider gave or counted more than it was told; the sample stands as it is. */
  z.object({ kind: z.literal('provider-excess'), excess: Amounts.partial() }),
  /** No tool was asked for so many times in a row. */
  z.object({ kind: z.literal('idle'), turns: z.int() }),
  z.object({ kind: z.literal('agent-left') }),
  z.object({
    kind: z.literal('failed'),
    code: z.enum([
      'model-failed',
      'world-failed',
      // What was done in it ended it, or left more than can be kept.
      'world-spoiled',
      // It fell silent: by what was done in it, or by this machine.
      'world-unresponsive',
      'world-not-sealed',
      'scorer-failed',
      'agent-failed',
      // Whoever gave access to the model does no longer, or could not be asked.
      'access-over',
    ]),
    message: z.string(),
  }),
]);
export type SampleEnd = z.infer<typeof SampleEnd>;

const Ended = z.object({
  type: z.literal('ended'),
  at,
  end: SampleEnd,
  sealing: Sealing.optional(),
});

/** What a scorer said; `value` 0 to 1. */
export const SampleScored = z.object({
  value: z.number().min(0).max(1),
  answer: z.string(),
  explanation: z.string(),
});
export type SampleScored = z.infer<typeof SampleScored>;

/** A text that ought not to be in a transcript: a canary, an answer. */
export const Leak = z.object({
  kind: z.string(),
  where: z.string(),
  detail: z.string().optional(),
});
export type Leak = z.infer<typeof Leak>;

const Scored = z.object({
  type: z.literal('scored'),
  at,
  score: SampleScored.nullable(),
  /** Why there is none. */
  failure: z.string().optional(),
  leaks: z.array(Leak),
});

export const JournalRecord = z.discriminatedUnion('type', [
  Begun,
  Sent,
  Lost,
  Answered,
  Turn,
  Resumed,
  Ended,
  Scored,
]);
export type JournalRecord = z.infer<typeof JournalRecord>;
export type RecordOf<T extends JournalRecord['type']> = Extract<JournalRecord, { type: T }>;
