import { describe, expect, it } from 'vitest';
import { attempts } from './attempts.ts';
import { Ring } from './ring.ts';

const ring = new Ring();

describe.each(attempts)('$title: nobody can', ({ attempts: ones }) => {
  it.for(ones)('$name', async ({ attack }) => {
    expect(await attack(ring)).toEqual({
      succeeded: false,
      said: expect.stringMatching(/^held/),
    });
  });
});

describe.each(attempts)('$title: without the wall anybody can', ({ attempts: ones }) => {
  const tried = ones.flatMap(({ name, control }) =>
    typeof control === 'string' ? [] : [{ name, control }],
  );
  it.for(tried)('$name', async ({ control }, { skip }) => {
    const outcome = await control(ring);
    if (outcome === null) return skip('this host cannot show it');
    expect(outcome).toEqual({ succeeded: true, said: expect.stringMatching(/^SUCCEEDED/) });
  });
});
