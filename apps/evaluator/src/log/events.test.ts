import { expect, test } from 'vitest';
import type { JournalRecord } from '../journal/records.ts';
import { eventsOf } from './events.ts';
import { MessagePool } from './pool.ts';

const at = '2026-11-20T12:00:00.000Z';
const spent = { messages: 0, tokens: 0, turns: 0, wallMs: 0, workingMs: 0, costMicros: 0 };
const begun: JournalRecord = {
  type: 'begun',
  at,
  messages: [],
  evidence: null,
  sealing: { at, when: 'before', sealed: true, evidence: null },
  world: '0'.repeat(64),
  spent,
};
const ended: JournalRecord = { type: 'ended', at, end: { kind: 'agent-left' } };
const scored: JournalRecord = { type: 'scored', at, score: null, failure: 'none', leaks: [] };

/** Name, or else kind, of each event with the path of spans it stands in, as Inspect finds them. */
function placed(records: readonly JournalRecord[]): string[] {
  const events = eventsOf(records, {
    uuid: 'u',
    model: 'm',
    config: {},
    tools: [],
    sample: {},
    pool: new MessagePool(),
  }) as readonly Readonly<Record<string, unknown>>[]; // Pays: every event is an object of fields.
  const paths = new Map<unknown, string>();
  return events.map((event) => {
    const isBegin = event['event'] === 'span_begin';
    const within = paths.get(isBegin ? event['parent_id'] : event['span_id']) ?? '';
    if (!isBegin) return `${within}${String(event['event'])}`;
    paths.set(event['id'], `${within}${String(event['name'])}/`);
    expect(event['span_id']).toBe(event['id']);
    return `${within}${String(event['name'])}`;
  });
}

test('the agent and its scoring stand in spans of their own', () => {
  expect(placed([begun, ended, scored])).toEqual([
    'solvers',
    'solvers/sample_init',
    'solvers/agent',
    'solvers/agent/info',
    'solvers/agent/info',
    'solvers/agent/info',
    'solvers/agent/span_end',
    'solvers/span_end',
    'scorers',
    'scorers/info',
    'scorers/span_end',
  ]);
});

test('every span of a sample that was not scored ends too; without a record there is none', () => {
  const ends = placed([begun]).filter((path) => path.endsWith('span_end'));
  expect(ends).toEqual(['solvers/agent/span_end', 'solvers/span_end']);
  expect(placed([])).toEqual([]);
});
