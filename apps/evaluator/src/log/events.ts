import type { JournalRecord, RecordOf, SampleEnd, Sealing, ToolRun } from '../journal/records.ts';
import { advance, atStart } from '../journal/replay.ts';
import { type Message, textOf } from '../models/messages.ts';
import type { ModelAnswer, ModelConfig, ToolSpec } from '../models/model.ts';
import type { MessagePool } from './pool.ts';

/** What events are told with beside the journal. */
export interface EventsOf {
  readonly uuid: string;
  readonly model: string;
  readonly config: ModelConfig;
  readonly tools: readonly ToolSpec[];
  readonly sample: Readonly<Record<string, unknown>>;
  readonly pool: MessagePool;
}

/** The name that our entries have in a log. */
const source = 'breakwater';

/** The events of a sample in Inspect's form, in the order of its journal. */
export function eventsOf(records: readonly JournalRecord[], of: EventsOf): readonly object[] {
  return new Telling(of).tell(records);
}

class Telling {
  readonly #of: EventsOf;
  readonly #events: object[] = [];
  /** Open ones, the outermost first. */
  readonly #spans: string[] = [];
  #working = 0;
  /** Before the record that is told. */
  #standing = atStart;

  constructor(of: EventsOf) {
    this.#of = of;
  }

  tell(records: readonly JournalRecord[]): readonly object[] {
    const [first] = records;
    if (first === undefined) return [];
    // Inspect's tools take a sample apart by these names, and put an event where its span tells.
    this.#begin(first.at, 'solvers');
    this.#add(first.at, { event: 'sample_init', sample: this.#of.sample, state: {} });
    this.#begin(first.at, 'agent');
    for (const record of records) {
      if (record.type === 'scored') {
        this.#endSpans(record.at);
        this.#begin(record.at, 'scorers');
      }
      this.#record(record);
      this.#standing = advance(this.#standing, record);
    }
    this.#endSpans(records.at(-1)?.at ?? first.at);
    return this.#events;
  }

  #add(timestamp: string, event: object): void {
    const uuid = `${this.#of.uuid}-event-${this.#events.length}`;
    const span = this.#spans.at(-1);
    const base = { uuid, ...(span !== undefined && { span_id: span }), timestamp };
    this.#events.push({ ...base, working_start: this.#working, ...event });
  }

  #begin(at: string, name: 'solvers' | 'agent' | 'scorers'): void {
    const parent = this.#spans.at(-1);
    const id = `${this.#of.uuid}-${name}`;
    this.#spans.push(id);
    const within = parent === undefined ? {} : { parent_id: parent };
    this.#add(at, { event: 'span_begin', id, ...within, type: name, name });
  }

  #endSpans(at: string): void {
    for (let id = this.#spans.at(-1); id !== undefined; id = this.#spans.at(-1)) {
      this.#add(at, { event: 'span_end', id });
      this.#spans.pop();
    }
  }

  #info(at: string, data: object): void {
    this.#add(at, { event: 'info', source, data });
  }

  #record(record: JournalRecord): void {
    switch (record.type) {
      case 'begun':
        this.#info(record.at, { what: 'world', evidence: record.evidence ?? null });
        this.#sealing(record.sealing);
        return;
      case 'sent':
        return;
      case 'lost':
        this.#info(record.at, { what: 'lost-call', call: record.call, attempt: record.attempt });
        return;
      case 'answered':
        this.#model(record, record.sent ?? this.#standing.messages);
        return;
      case 'turn':
        for (const tool of record.tools) this.#tool(tool);
        if (record.sealing !== undefined) this.#sealing(record.sealing);
        return;
      case 'resumed': {
        const { cut, lost, isFromStart } = record;
        this.#info(record.at, { what: 'resumed', cut, lostProcesses: lost, isFromStart });
        this.#sealing(record.sealing);
        return;
      }
      case 'ended':
        if (record.sealing !== undefined) this.#sealing(record.sealing);
        this.#end(record.at, record.end);
        return;
      case 'scored':
        this.#scored(record);
        return;
    }
  }

  #sealing({ at, when, sealed, evidence }: Sealing): void {
    this.#info(at, { what: 'egress', when, sealed, evidence: evidence ?? null });
  }

  #model(record: RecordOf<'answered'>, sent: readonly Message[]): void {
    const { at, answer, attempts, seconds, id } = record;
    const { model, config, tools, pool } = this.#of;
    const retries = attempts.length - 1;
    const failed = attempts.filter(({ outcome }) => outcome !== 'answered');
    this.#add(at, {
      event: 'model',
      model,
      input: [],
      input_refs: pool.refs(sent),
      tools: tools.map(({ name, description, parameters }) => ({
        name,
        description,
        parameters: { additionalProperties: false, ...parameters },
      })),
      tool_choice: 'auto',
      config,
      output: outputOf(model, id, answer),
      ...(retries > 0 && { retries }),
      ...(answer === null && { error: failed.at(-1)?.outcome ?? 'not answered' }),
      completed: at,
      working_time: seconds,
      ...(failed.length > 0 && { metadata: { attempts: failed } }),
    });
    this.#working += seconds;
  }

  #tool({ at, message, arguments: given, seconds }: ToolRun): void {
    const { tool_call_id: id, function: name, content: result, error } = message;
    this.#add(at, {
      event: 'tool',
      type: 'function',
      id,
      function: name,
      arguments: given,
      result,
      ...(error !== undefined && { error }),
      events: [],
      completed: at,
      working_time: seconds,
      message_id: message.id,
    });
    this.#working += seconds;
  }

  #end(at: string, end: SampleEnd): void {
    this.#info(at, { what: 'end', ...end });
    if (end.kind === 'limit') {
      const { type, limit } = end;
      this.#add(at, { event: 'sample_limit', type, limit, message: wordsOf(end) });
    }
    if (end.kind === 'failed') this.#add(at, { event: 'error', error: errorOf(wordsOf(end)) });
  }

  #scored({ at, score, failure, leaks }: RecordOf<'scored'>): void {
    if (leaks.length > 0) this.#info(at, { what: 'leaks', leaks });
    if (score === null) {
      this.#info(at, { what: 'not-scored', failure: failure ?? '' });
      return;
    }
    this.#add(at, { event: 'score', score: { ...score, history: [] }, intermediate: false });
  }
}

/** An answer in Inspect's form. */
export function outputOf(model: string, id: string, answer: ModelAnswer | null): object {
  if (answer === null) return { model, choices: [], completion: '' };
  const { message, stop, usage } = answer;
  return {
    model,
    choices: [{ message: { id, ...message }, stop_reason: stop }],
    completion: textOf(message),
    ...(usage !== null && { usage }),
  };
}

/** Why a sample ended, for people. */
export function wordsOf(end: SampleEnd): string {
  switch (end.kind) {
    case 'submitted':
      return 'an answer was handed in';
    case 'limit': {
      const of = end.scope === 'run' ? 'the whole run' : 'the sample';
      return `the ${end.type} limit of ${of}, ${end.limit}, was reached`;
    }
    case 'provider-excess':
      return `the provider went beyond what it was told: ${JSON.stringify(end.excess)}`;
    case 'idle':
      return `no tool was asked for in ${end.turns} turns`;
    case 'agent-left':
      return 'the agent ended and handed nothing in';
    case 'failed':
      return `${end.code}: ${end.message}`;
  }
}

export function errorOf(message: string): object {
  return { message, traceback: '', traceback_ansi: '' };
}
