import { expect, test } from 'vitest';
import { openEventStream } from './stream.ts';

const change = (n: number) => ({ kind: 'case', id: `case_${String(n).padStart(26, '0')}` });

test('LIV-4: who takes nothing is cut off after a minute of ticks, and nothing piles up for it', async () => {
  let ended = 0;
  const stream = openEventStream(() => ended++);
  let ticks = 0;
  for (; stream.open() && ticks < 1_000; ticks++) {
    stream.add(Array.from({ length: 500 }, (_, n) => change(ticks * 500 + n)));
    stream.flush(true);
  }
  expect(ended).toBe(1);
  const sent = await new Response(stream.body).text();
  // What fits into the room of one reader, and a tick's worth more.
  expect(sent.length).toBeLessThan(2 * 64 * 1024);
  // Full within a few ticks of 500 changes each, and then sixty more.
  expect(ticks).toBeGreaterThan(60);
  expect(ticks).toBeLessThan(70);
});

test('LIV-4: who falls behind and takes again is told on, each thing once', async () => {
  const stream = openEventStream(() => {});
  const reader = stream.body.getReader();
  for (let tick = 0; tick < 30; tick++) {
    stream.add(Array.from({ length: 200 }, (_, n) => change(n)));
    stream.flush(false);
  }
  expect(stream.open()).toBe(true);
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await read()).toBe('retry: 3000\n\n');
  expect((await read()).match(/"id"/g)).toHaveLength(200);
  stream.close();
});

test('a stream that its reader leaves is closed once', async () => {
  let ended = 0;
  const stream = openEventStream(() => ended++);
  await stream.body.cancel();
  stream.close();
  stream.flush(true);
  expect([ended, stream.open()]).toEqual([1, false]);
});
