import { describe, expect, it } from 'vitest';
import type { Frame } from '../sandbox/frames.ts';
import type { Held } from '../sandbox/sandbox.ts';
import { Line } from './line.ts';

const frame = (kind: string, text = ''): Frame => ({ kind, body: Buffer.from(text) });

/** What is held, saying what it is told to. */
function held(said: (Frame | null | Error)[], outOfMemory = false) {
  const heard: string[] = [];
  let ends = 0;
  const part: Pick<Held, 'send' | 'next' | 'ending' | 'end'> = {
    send: (kind) => void heard.push(kind),
    next: async () => {
      const next = said.shift();
      if (next instanceof Error) throw next;
      return next ?? null;
    },
    ending: () => ({ outOfMemory, detail: 'its last words' }),
    end: async () => void ends++,
  };
  const line = new Line(part);
  const ask = (take?: (frame: Frame) => void) =>
    line.inTurn(() => line.ask('r', [], take === undefined ? {} : { take }));
  return { line, ask, heard, ends: () => ends };
}

describe('the line to a first process', () => {
  it('takes what is said before the answer, and the answer', async () => {
    const { ask } = held([frame('d', 'one'), frame('d', 'two'), frame('x', 'done\t7')]);
    const taken: string[] = [];
    const answer = await ask(({ body }) => void taken.push(body.toString()));
    expect(answer).toEqual({ ok: true, value: { verdict: 'done', fields: ['7'] } });
    expect(taken).toEqual(['one', 'two']);
  });

  it('asks one thing at a time', async () => {
    const { ask, heard } = held([frame('x', 'done'), frame('x', 'refused\tno-such-file')]);
    const [first, second] = await Promise.all([ask(), ask()]);
    expect([first.ok && first.value.verdict, second.ok && second.value.verdict]).toEqual([
      'done',
      'refused',
    ]);
    expect(heard).toEqual(['r', 'r']);
  });

  it.each([
    ['is gone', [null], 'ended-from-inside', 'its last words'],
    [
      'says frames that are none',
      [new Error('sent a 0 byte frame')],
      'ended-from-inside',
      'sent a 0',
    ],
    ['answers in unknown words', [frame('x', 'rm -rf')], 'ended-from-inside', 'no known words'],
  ] as const)('ends the world once when it %s', async (_, said, reason, detail) => {
    const { line, ask, ends } = held([...said]);
    const refused = { ok: false, refusal: { code: 'world-ended' } };
    expect(await ask()).toMatchObject(refused);
    expect(await ask()).toMatchObject(refused);
    expect(line.ended).toEqual({ reason, detail: expect.stringContaining(detail) });
    expect(ends()).toBe(1);
  });

  it('tells want of memory from other ends', async () => {
    const { line, ask } = held([null], true);
    await ask();
    expect(line.ended?.reason).toBe('out-of-memory');
  });

  it('hears an answer out before it throws what its taker threw', async () => {
    const { ask } = held([frame('d'), frame('d'), frame('x', 'done'), frame('x', 'done')]);
    const failing = ask(() => {
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    expect((await ask()).ok).toBe(true);
  });

  it('shows nothing of an end that acts on a terminal', async () => {
    const { ask } = held([new Error('\x1b[2J\u202egone')]);
    const answer = await ask();
    expect(answer.ok || answer.refusal.got).toBe('it is over: ended-from-inside ( [2J gone)');
  });
});
