import { type Amounts, amountsBy, noAmounts, plus } from '@breakwater/meter';
import type { Message } from '../models/messages.ts';
import type { JournalRecord, RecordOf, SampleEnd } from './records.ts';

/** Where a sample stands after the records of its journal. */
export interface Standing {
  /** The conversation after the last finished turn, or after an answer that waits for its tools. */
  readonly messages: readonly Message[];
  /** The last finished turn. */
  readonly turn: number;
  /** The manifest of the world after it, as a blob; null: nothing was begun. */
  readonly world: string | null;
  /** An answer whose tools have not run to their end. */
  readonly waiting: RecordOf<'answered'> | null;
  /** Calls that were sent and never answered. */
  readonly cut: readonly { readonly call: string; readonly bound: Amounts }[];
  /** Accepted: what the sample's result came from. */
  readonly spent: Amounts;
  /** The most that lost and cut calls, and turns that were begun again, can have taken. */
  readonly apart: Amounts;
  /** Turns in a row without a tool. */
  readonly idle: number;
  readonly end: SampleEnd | null;
  readonly submitted: string | null;
  readonly scored: RecordOf<'scored'> | null;
}

/** Where a sample stands of which nothing is written. */
export const atStart: Standing = {
  messages: [],
  turn: 0,
  world: null,
  waiting: null,
  cut: [],
  spent: noAmounts,
  apart: noAmounts,
  idle: 0,
  end: null,
  submitted: null,
  scored: null,
};

/** Where a sample stands. The same records give the same standing: a kill changes nothing in it. */
export function replay(records: Iterable<JournalRecord>): Standing {
  let standing = atStart;
  for (const record of records) standing = advance(standing, record);
  return standing;
}

/** Where a sample stands one record later. */
export function advance(before: Standing, record: JournalRecord): Standing {
  switch (record.type) {
    case 'begun':
      return {
        ...before,
        messages: record.messages,
        world: record.world,
        spent: plus(before.spent, record.spent),
      };
    case 'sent':
      return { ...before, cut: [...before.cut, { call: record.call, bound: record.bound }] };
    case 'lost':
      return lost(before, record);
    case 'answered':
      return answered(before, record);
    case 'turn':
      return turned(before, record);
    case 'resumed':
      return resumed(before, record);
    case 'ended': {
      const submitted = record.end.kind === 'submitted' ? record.end.answer : null;
      return { ...before, end: record.end, submitted, cut: [] };
    }
    case 'scored':
      return { ...before, scored: record };
  }
}

function lost(before: Standing, { call }: RecordOf<'lost'>): Standing {
  const found = before.cut.find((each) => each.call === call);
  return {
    ...before,
    cut: before.cut.filter((each) => each !== found),
    apart: plus(before.apart, found?.bound ?? noAmounts),
  };
}

function answered(before: Standing, record: RecordOf<'answered'>): Standing {
  const { answer, id, sent } = record;
  const conversation = sent ?? before.messages;
  return {
    ...before,
    messages: answer === null ? conversation : [...conversation, { id, ...answer.message }],
    waiting: record,
    cut: before.cut.filter(({ call }) => call !== record.call),
    spent: plus(before.spent, record.spent),
    idle: (answer?.message.tool_calls ?? []).length === 0 ? before.idle + 1 : 0,
  };
}

function turned(before: Standing, { turn, tools, said, world, spent }: RecordOf<'turn'>): Standing {
  const results = tools.map(({ message }) => message);
  return {
    ...before,
    turn,
    world,
    waiting: null,
    messages: [...before.messages, ...results, ...(said === undefined ? [] : [said])],
    spent: plus(before.spent, spent),
    submitted: tools.find(({ submitted }) => submitted !== undefined)?.submitted ?? null,
  };
}

/** What was cut was told when it was found; an agent of one's own begins with nothing. */
function resumed(before: Standing, { cut, isFromStart }: RecordOf<'resumed'>): Standing {
  const apart = cut.reduce((sum, { bound }) => plus(sum, bound), before.apart);
  if (!isFromStart) return { ...before, apart, cut: [] };
  return { ...atStart, apart: plus(apart, before.spent) };
}

/** What a sample's journal adds to the bill of its run: accepted, and the most of what was not. */
export function billOf({ spent, apart, cut }: Standing): Amounts {
  const all = cut.reduce((sum, { bound }) => plus(sum, bound), plus(spent, apart));
  return amountsBy((kind) => (kind === 'tokens' || kind === 'costMicros' ? all[kind] : 0));
}
