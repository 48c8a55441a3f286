import { expect, test } from 'vitest';
import { addressOf, placeOf } from './place.ts';
import { eventEntry, messageEntry, textOf } from './transcript.ts';

test('a message of a model: words, reasoning folded, a command as it is typed', () => {
  const call = { id: 'c', function: 'bash', arguments: { cmd: 'ls -la' } };
  const content = [
    { type: 'reasoning', reasoning: 'First I look.' },
    { type: 'text', text: 'I look around.' },
    { type: 'image', image: 'data:image/png;base64,AAAA' },
  ];
  expect(messageEntry({ role: 'assistant', model: 'm/1', content, tool_calls: [call] })).toEqual({
    kind: 'model',
    title: 'Model',
    notes: ['m/1'],
    parts: [
      { kind: 'fold', label: 'reasoning', text: 'First I look.' },
      { kind: 'text', label: '', text: 'I look around.' },
      { kind: 'fold', label: 'image', text: JSON.stringify(content[2], null, 2) },
      { kind: 'code', label: 'bash', text: 'ls -la' },
    ],
    isFailed: false,
  });
});

test('a tool that failed, a limit and a score tell what matters', () => {
  const error = { type: 'timeout', message: 'took too long' };
  const tool = eventEntry({
    event: 'tool',
    function: 'bash',
    arguments: { cmd: 'a', n: 1 },
    error,
  });
  expect([tool.title, tool.isFailed]).toEqual(['Tool bash', true]);
  expect(textOf(tool)).toContain('took too long');
  const limit = eventEntry({ event: 'sample_limit', type: 'token', message: 'over 10' });
  expect(limit).toMatchObject({ title: 'Stopped by a limit: token', isFailed: true });
  const score = eventEntry({ event: 'score', score: { value: 'C', answer: 'flag' } });
  expect(score).toMatchObject({ title: 'Score C', notes: ['flag'] });
});

test.each([
  ['an event of another kind', { event: 'new_kind', name: 'x', deep: { a: [1] } }, 'new kind x'],
  ['a model event without output', { event: 'model', model: 'm' }, 'Model'],
  ['a tool event with odd members', { event: 'tool', function: 7, arguments: null }, 'Tool 7'],
  ['members called as those of every object', { event: 'constructor' }, 'constructor'],
])('%s is shown, whatever it holds', (_, event, title) => {
  expect(eventEntry(event).title).toBe(title);
});

test('an address leads to a message, and what does not fit leads to the start', () => {
  const place = placeOf({ log: 'a b.eval', sample: 'x/1', epoch: '2', list: 'events', at: '41' });
  const address = addressOf(place);
  expect(address).toBe('/benchmark?log=a+b.eval&sample=x%2F1&epoch=2&list=events&at=41');
  expect(placeOf(Object.fromEntries(new URL(address, 'http://a').searchParams))).toEqual(place);
  expect(placeOf({ epoch: '-1', at: 'x', show: 'other', list: '<' })).toEqual(placeOf({}));
});

test('a sample begins with what is asked, as a text or as messages', () => {
  const begun = (input: unknown) => eventEntry({ event: 'sample_init', sample: { input } });
  const parts = [{ kind: 'text', label: '', text: 'Find the flag.' }];
  expect(begun('Find the flag.')).toMatchObject({ title: 'Task', parts });
  expect(begun([{ role: 'user', content: 'Find the flag.' }])).toMatchObject({ parts });
});
