import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLimiter } from './limiter.ts';

const rate = { burst: 3, perMinute: 6 };

function opened(keysMax?: number) {
  const clock = { ms: 5_000 };
  const options = keysMax === undefined ? {} : { keysMax };
  return { clock, limiter: createLimiter({ nowMs: () => clock.ms, ...options }) };
}

describe('a limit', () => {
  test('takes the burst, then as many as the rate brings back', () => {
    const { clock, limiter } = opened();
    const take = () => limiter.take('a', rate);
    expect([take(), take(), take(), take()]).toEqual([null, null, null, 10]);
    clock.ms += 9_999;
    expect(take()).toBe(1);
    clock.ms += 1;
    expect([take(), take()]).toEqual([null, 10]);
  });

  test('that refuses takes nothing: trying on does not make the wait longer', () => {
    const { clock, limiter } = opened();
    for (let i = 0; i < 50; i++) limiter.take('a', rate);
    clock.ms += 10_000;
    expect(limiter.take('a', rate)).toBeNull();
  });

  test('counts each key alone', () => {
    const { limiter } = opened();
    for (let i = 0; i < 4; i++) limiter.take('a', rate);
    expect([limiter.wait('a', rate), limiter.wait('b', rate)]).toEqual([10, null]);
  });

  test('never gives more than burst and rate together, whatever the pauses', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 30_000 }), { maxLength: 200 }), (pauses) => {
        const { clock, limiter } = opened();
        const start = clock.ms;
        let taken = 0;
        for (const pause of pauses) {
          clock.ms += pause;
          if (limiter.take('a', rate) === null) taken += 1;
        }
        const most = rate.burst + ((clock.ms - start) / 60_000) * rate.perMinute;
        expect(taken).toBeLessThanOrEqual(Math.floor(most + 1e-6));
      }),
    );
  });
});

describe('what it keeps', () => {
  test('is only who asked of late', () => {
    const { clock, limiter } = opened();
    for (let i = 0; i < 100; i++) limiter.take(`k${i}`, rate);
    expect(limiter.size).toBe(100);
    clock.ms += 60_000;
    limiter.take('later', rate);
    expect(limiter.size).toBe(1);
  });

  test('is bounded; who keeps asking stays counted, and who asked longest ago is forgotten', () => {
    const { limiter } = opened(10);
    for (let i = 0; i < 3; i++) {
      limiter.take('flood', rate);
      limiter.take('once', rate);
    }
    for (let i = 0; i < 100; i++) {
      limiter.take(`k${i}`, rate);
      expect(limiter.take('flood', rate)).toBe(10);
      expect(limiter.size).toBeLessThanOrEqual(10);
    }
    expect(limiter.wait('once', rate)).toBeNull();
  });
});
