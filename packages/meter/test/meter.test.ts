import { expect, test } from 'vitest';
import { type Account, type Limits, noAmounts, openBudget, type Wish } from '../src/index.ts';
import { createMeter } from './accounts.ts';

const prices = {
  currency: 'USD',
  inputMicros: 3_000_000,
  outputMicros: 15_000_000,
  cacheReadMicros: 300_000,
};
const ask: Wish = {
  id: 'turn-1',
  messages: 1,
  turns: 1,
  inputTokens: 400,
  outputTokens: { most: 1000, least: 50 },
  wallMs: { most: 60_000, least: 1000 },
  prices,
};

function one(limits: Limits) {
  const account: Account = { budget: openBudget(limits) };
  return { account, meter: createMeter([account]) };
}

test('output is cut to the tokens that are left, and refused below its least', () => {
  const { account, meter } = one({ tokens: 1000, messages: 5 });
  expect(meter.reserve(ask)).toEqual({
    ok: true,
    value: {
      id: 'turn-1',
      held: {
        messages: 1,
        tokens: 1000,
        turns: 1,
        wallMs: 60_000,
        workingMs: 0,
        costMicros: 10200,
      },
      inputTokens: 400,
      outputTokens: 600,
      isCut: true,
    },
  });
  expect(
    meter.settle('turn-1', { messages: 1, turns: 1, inputTokens: 400, outputTokens: 151 }),
  ).toEqual({
    ok: true,
    value: {
      spent: { ...noAmounts, messages: 1, turns: 1, tokens: 551, costMicros: 3465 },
      excess: {},
      isAgain: false,
    },
  });
  expect(meter.left()).toEqual({ tokens: 449, messages: 4 });
  const before = account.budget;
  expect(meter.reserve({ ...ask, id: 'turn-2' })).toEqual({
    ok: false,
    refusal: {
      code: 'budget-spent',
      expected: 'at least the least that was asked for to be left',
      got: '449 tokens left',
      todo: 'end here, ask for less, or raise the limit',
      left: { tokens: 449, messages: 4 },
      short: ['tokens'],
    },
  });
  expect(account.budget).toBe(before);
});

test.each([
  ['money', { cost: { micros: 1950, currency: 'USD' } }, ['costMicros']],
  ['no money for the input even', { cost: { micros: 1199, currency: 'USD' } }, ['costMicros']],
  ['turns', { turns: 0 }, ['turns']],
  ['messages and time', { messages: 0, seconds: 0 }, ['messages', 'wallMs']],
])('refused for want of %s', (_, limits, short) => {
  const answer = one(limits).meter.reserve({ ...ask, outputTokens: { most: 1000, least: 51 } });
  expect(answer).toMatchObject({ ok: false, refusal: { code: 'budget-spent', short } });
});

test('output is cut to what money buys after the dearest input, to the last micro-unit', () => {
  const outputOf = (micros: number) => {
    const answer = one({ cost: { micros, currency: 'USD' } }).meter.reserve(ask);
    return answer.ok ? [answer.value.outputTokens, answer.value.held.costMicros] : null;
  };
  expect(outputOf(1950)).toEqual([50, 1950]);
  expect(outputOf(1964)).toEqual([50, 1950]);
  expect(outputOf(1965)).toEqual([51, 1965]);
  expect(outputOf(1949)).toBeNull();
});

test('a retry under its reservation takes nothing more, and a second bill changes nothing', () => {
  const { account, meter } = one({ tokens: 3000 });
  const first = meter.reserve(ask);
  const open = account.budget;
  expect([meter.reserve(ask), account.budget]).toEqual([first, open]);
  expect(meter.reserve({ ...ask, inputTokens: 401 })).toMatchObject({
    refusal: { code: 'reservation-differs' },
  });
  meter.settle('turn-1', { inputTokens: 300, outputTokens: 20 });
  const settled = account.budget;
  expect(meter.settle('turn-1', { inputTokens: 300, outputTokens: 20 })).toMatchObject({
    ok: true,
    value: { isAgain: true, spent: { tokens: 320 } },
  });
  expect(meter.settle('turn-1', { inputTokens: 300, outputTokens: 21 })).toMatchObject({
    refusal: { code: 'settled-otherwise' },
  });
  expect(meter.reserve(ask)).toMatchObject({ refusal: { code: 'reservation-closed' } });
  expect(account.budget).toBe(settled);
});

test('what a provider takes beyond its grant is billed, recorded and told', () => {
  const { account, meter } = one({ tokens: 1000 });
  meter.reserve(ask);
  expect(meter.settle('turn-1', { inputTokens: 400, outputTokens: 700 })).toMatchObject({
    ok: true,
    value: { spent: { tokens: 1100 }, excess: { tokens: 100, costMicros: 1500 } },
  });
  expect(account.budget).toMatchObject({ used: { tokens: 1100 }, excess: { tokens: 100 } });
  expect(meter.left()).toEqual({ tokens: 0 });
});

test('a call cut in flight is counted apart; a call not made is not counted', () => {
  const { account, meter } = one({ tokens: 5000 });
  meter.reserve(ask);
  expect(meter.release('turn-1', 'cut')).toEqual({ ok: true, value: undefined });
  expect(meter.release('turn-1', 'cut')).toEqual({ ok: true, value: undefined });
  meter.reserve({ ...ask, id: 'turn-2' });
  meter.release('turn-2', 'unused');
  expect(account.budget).toMatchObject({ used: { tokens: 0 }, cut: { tokens: 1400 }, open: [] });
  expect(meter.left()).toEqual({ tokens: 5000 });
  const late = meter.settle('turn-1', { inputTokens: 1 });
  expect(late).toMatchObject({ refusal: { code: 'reservation-released' } });
  expect(meter.release('turn-9', 'cut')).toMatchObject({
    refusal: { code: 'reservation-unknown' },
  });
});

test('a sample and its run are billed together or not at all', () => {
  const run: Account = { budget: openBudget({ tokens: 1500 }) };
  const sample: Account = { budget: openBudget({ tokens: 1300, turns: 1 }) };
  const meter = createMeter([run, sample]);
  expect(meter.reserve(ask)).toMatchObject({ value: { outputTokens: 900 } });
  const other = createMeter([run, { budget: openBudget({}) }]);
  const [before] = [run.budget];
  expect(other.reserve({ ...ask, id: 'other' })).toMatchObject({
    refusal: { left: { tokens: 200 } },
  });
  expect(run.budget).toBe(before);
  meter.settle('turn-1', { turns: 1, inputTokens: 10, outputTokens: 10 });
  expect(other.reserve({ ...ask, id: 'other' })).toMatchObject({ value: { outputTokens: 1000 } });
  expect(meter.reserve({ ...ask, id: 'turn-2' })).toMatchObject({
    refusal: { short: ['tokens', 'turns'] },
  });
});

test.each<[string, Partial<Wish>]>([
  ['wish-malformed', { id: '' }],
  ['wish-malformed', { inputTokens: -1 }],
  ['wish-malformed', { inputTokens: 0.5 }],
  ['wish-malformed', { outputTokens: { most: 1, least: 2 } }],
  ['wish-malformed', { prices: { ...prices, inputMicros: 1e10 } }],
  ['prices-missing', { prices: undefined }],
  ['currency-differs', { prices: { ...prices, currency: 'EUR' } }],
])('refused as %s: %j', (code, change) => {
  const { account, meter } = one({ cost: { micros: 1_000_000, currency: 'USD' } });
  expect(meter.reserve({ ...ask, ...change })).toMatchObject({ refusal: { code } });
  expect(account.budget.open).toEqual([]);
});

test('counts that no call can have are refused, and the reservation stays open', () => {
  const { account, meter } = one({ tokens: 5000 });
  meter.reserve(ask);
  for (const actual of [{ inputTokens: -5 }, { outputTokens: 1e12 }, { cacheReadTokens: 1 }]) {
    expect(meter.settle('turn-1', actual)).toMatchObject({ refusal: { code: 'actual-malformed' } });
  }
  expect(account.budget.open.length).toBe(1);
});
