import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Account,
  type Actual,
  type Amounts,
  amountKinds,
  type Budget,
  type Grant,
  heldOf,
  noAmounts,
  openBudget,
  plus,
  type Wish,
} from '../src/index.ts';
import { createMeter, type Meter } from './accounts.ts';

const acts = ['ask', 'retry', 'settle', 'settle-twice', 'exceed', 'unused', 'cut', 'keep'] as const;
type Act = (typeof acts)[number];

const steps = fc.array(
  fc.record({
    at: fc.nat(49),
    act: fc.constantFrom<Act>('ask', 'ask', 'ask', 'settle', ...acts),
    size: fc.integer({ min: 0, max: 5000 }),
  }),
  { minLength: 20, maxLength: 400 },
);
const limits = fc.record(
  {
    messages: fc.nat(200),
    tokens: fc.nat(60_000),
    turns: fc.nat(200),
    seconds: fc.nat(2000),
    workingSeconds: fc.nat(2000),
    cost: fc.record({ micros: fc.nat(300_000), currency: fc.constant('USD') }),
  },
  { requiredKeys: [] },
);

const isLong = process.env['BREAKWATER_LONG'] === '1';
const timeout = isLong ? 600_000 : 30_000;

test('fifty holders, in any order, never pass a limit but by recorded excess', { timeout }, () => {
  const numRuns = isLong ? 20_000 : 200;
  const property = fc.property(limits, limits, steps, (ofRun, ofSample, all) => {
    const run = { budget: openBudget(ofRun), spent: noAmounts };
    const holders = Array.from({ length: 50 }, () => createHolder(run, openBudget(ofSample)));
    for (const { at, act, size } of all) {
      const holder = holders[at];
      if (holder === undefined) throw new RangeError('fifty holders');
      const spent = take(holder, act, size);
      run.spent = plus(run.spent, spent);
      holder.own.spent = plus(holder.own.spent, spent);
      for (const account of [run, holder.own]) holds(account);
    }
  });
  fc.assert(property, { numRuns });
});

/** An account with what the test itself has added up of it. */
interface Counted extends Account {
  spent: Amounts;
}

function holds({ budget, spent }: Counted): void {
  const taken = plus(budget.used, heldOf(budget));
  for (const kind of amountKinds) {
    const limit = budget.limits[kind] ?? Infinity;
    if (taken[kind] > limit + budget.excess[kind]) {
      throw new Error(`${kind}: ${taken[kind]} of ${limit} and ${budget.excess[kind]} of excess`);
    }
    if (budget.used[kind] !== spent[kind]) throw new Error(`${kind} was billed otherwise`);
  }
}

interface Holder {
  readonly run: Account;
  readonly own: Counted;
  readonly meter: Meter;
  readonly name: string;
  turn: number;
  open: { readonly wish: Wish; readonly grant: Grant } | null;
}

let holderCount = 0;
function createHolder(run: Account, budget: Budget): Holder {
  const own = { budget, spent: noAmounts };
  holderCount += 1;
  const name = String(holderCount);
  return { run, own, meter: createMeter([run, own]), name, turn: 0, open: null };
}

/** Does one step where it can be done; gives what it spent. */
function take(holder: Holder, act: Act, size: number): Amounts {
  if (act === 'keep') {
    for (const account of [holder.run, holder.own]) account.budget = kept(account.budget);
  } else if (holder.open === null) {
    if (act === 'ask') ask(holder, size);
  } else if (act === 'retry') {
    const { wish, grant } = holder.open;
    const before = holder.run.budget;
    expect(holder.meter.reserve(wish)).toEqual({ ok: true, value: grant });
    expect(holder.run.budget).toBe(before);
  } else if (act !== 'ask') {
    const { grant } = holder.open;
    holder.open = null;
    return close(holder, grant, { act, size });
  }
  return noAmounts;
}

function ask(holder: Holder, size: number): void {
  holder.turn += 1;
  const wish: Wish = {
    id: `${holder.name}/${holder.turn}`,
    messages: 1 + (size % 3),
    turns: 1,
    inputTokens: size,
    outputTokens: { most: size * 2, least: size % 50 },
    wallMs: { most: size * 20, least: 0 },
    workingMs: { most: size * 10, least: 0 },
    prices: { currency: 'USD', inputMicros: 3_000_000, outputMicros: 15_000_000 },
  };
  const answer = holder.meter.reserve(wish);
  if (answer.ok) holder.open = { wish, grant: answer.value };
  else expect(answer.refusal.code).toBe('budget-spent');
}

type End = { readonly act: Exclude<Act, 'ask' | 'retry' | 'keep'>; readonly size: number };
function close({ meter }: Holder, grant: Grant, { act, size }: End): Amounts {
  if (act === 'unused' || act === 'cut') {
    expect(meter.release(grant.id, act).ok).toBe(true);
    return noAmounts;
  }
  const actual = actualOf(grant, act === 'exceed' ? 2 : (size % 101) / 100);
  const settled = meter.settle(grant.id, actual);
  if (!settled.ok) throw new Error(settled.refusal.code);
  if (act !== 'exceed') expect(settled.value.excess).toEqual({});
  if (act === 'settle-twice') expect(meter.settle(grant.id, actual).ok).toBe(true);
  return settled.value.spent;
}

function actualOf({ held, inputTokens, outputTokens }: Grant, part: number): Actual {
  return {
    messages: held.messages,
    turns: held.turns,
    inputTokens: Math.floor(inputTokens * Math.min(1, part)),
    outputTokens: Math.floor(outputTokens * part),
    wallMs: Math.floor(held.wallMs * part),
    workingMs: Math.floor(held.workingMs * part),
  };
}

/** The budget after it was written down and read again. */
function kept(budget: Budget): Budget {
  const text = JSON.stringify(budget);
  const read: Budget = JSON.parse(text);
  expect(JSON.stringify(read)).toBe(text);
  return read;
}
