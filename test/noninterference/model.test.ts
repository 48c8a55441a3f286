import { describe, expect, test } from 'vitest';
import {
  coordinators,
  everyone,
  levels,
} from '../../apps/server/src/platform/commands/audience.ts';
import { drawFrom, drawHistory } from './history.ts';
import { newModel, observe, outsiders, type Rules, shipped, step } from './model.ts';

const long = process.env['BREAKWATER_LONG'] !== undefined;
const histories = long ? 1_000_000 : 100_000;
const stepsMax = 16;
const seed = Number(process.env['BREAKWATER_SEED'] ?? 20_260_301);

/** The first history that an outsider can tell from the same without its hidden part. */
function firstDifference(rules: Rules, count: number): string | null {
  for (let i = 0; i < count; i++) {
    const { steps } = drawHistory(drawFrom(seed + i), stepsMax);
    const whole = newModel(rules);
    const without = newModel(rules);
    for (const [at, given] of steps.entries()) {
      const told = step(whole, given);
      if (given.side === 'hidden') {
        without.hour += 1;
        continue;
      }
      if (told !== step(without, given)) return `history ${i}, step ${at}: ${given.act}: ${told}`;
    }
    for (const reader of outsiders) {
      if (observe(whole, reader) !== observe(without, reader)) {
        return `history ${i}: what ${reader?.role ?? 'nobody'} sees`;
      }
    }
  }
  return null;
}

/** Faults in the very functions that ship. */
const faults: Readonly<Record<string, Partial<Rules>>> = {
  'a case is shown to everybody at its summary': {
    caseAudience: (participants) => [
      ...shipped.caseAudience(participants),
      { principal: everyone, level: levels.summary },
    ],
  },
  'a finding is shown to whoever reads as nobody in particular': {
    findingAudience: (finding, participants) => [
      ...shipped.findingAudience(finding, participants),
      { principal: everyone, level: levels.summary },
    ],
  },
  'an owner reads as a coordinator': {
    principalsOf: (actor) =>
      actor?.role === 'owner'
        ? [...shipped.principalsOf(actor), coordinators]
        : shipped.principalsOf(actor),
  },
  'any grant at all is taken for one to the reader': {
    visible: (audience) => Math.max(0, ...audience.map((grant) => grant.level)),
  },
  'an arrival joins whatever case there is': {
    matches: (keys, held) => (held.size > 0 ? keys.slice(0, 1) : []),
  },
  'evidence that only begins alike joins': {
    matches: (keys, held) =>
      keys.filter((key) => [...held].some((other) => other.slice(0, 30) === key.slice(0, 30))),
  },
};

describe('law 9: the decision and visibility functions tell an outsider nothing of a hidden case', () => {
  test(
    `${histories} random histories`,
    () => {
      expect(firstDifference(shipped, histories)).toBeNull();
    },
    long ? 3_600_000 : 120_000,
  );

  test.each(Object.entries(faults))('a planted fault is found: %s', (_name, fault) => {
    expect(firstDifference({ ...shipped, ...fault }, 2_000)).not.toBeNull();
  });

  test('what a coordinator sees does differ, or the test would compare nothing', () => {
    const coordinator = { id: 'party_c' as never, role: 'coordinator', principals: [coordinators] };
    const { steps } = drawHistory(drawFrom(seed), stepsMax);
    const whole = newModel(shipped);
    const without = newModel(shipped);
    for (const given of steps) {
      step(whole, given);
      if (given.side === 'outside') step(without, given);
    }
    expect(observe(whole, coordinator)).not.toBe(observe(without, coordinator));
  });
});
