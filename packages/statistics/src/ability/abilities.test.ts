import { expect, test } from 'vitest';
import { numberOf, rowsOf, studyRuns, vector } from '../../test/real-runs.ts';
import { normalFrom, seededRandom } from '../random.ts';
import { type Abilities, fitAbilities, weakPrior } from './abilities.ts';
import { gaussHermite } from './gauss-hermite.ts';
import { type Expected, fitOfResponses } from './response-fit.ts';
import { caisiScale, POINTS_PER_LOGIT } from './scale.ts';
import { abilityOf } from './score.ts';
import { type Tally, tally } from './tallies.ts';

const long = process.env['BREAKWATER_LONG'] === '1';
const runs = studyRuns();
const study = tally(runs);

function fitted(tallies: readonly Tally[], options: Parameters<typeof fitAbilities>[1]): Abilities {
  const result = fitAbilities(tallies, options);
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.got}`);
  return result.value;
}

test('the rule of five nodes is the one in the tables (Abramowitz and Stegun, table 25.10)', () => {
  const { nodes, logWeights } = gaussHermite(5);
  expect(nodes[0]).toBeCloseTo(2.020182870456086, 14);
  expect(nodes[1]).toBeCloseTo(0.9585724646138185, 14);
  expect(Math.exp(logWeights[0] ?? 0)).toBeCloseTo(0.0199532420590459, 14);
  expect(Math.exp(logWeights[2] ?? 0)).toBeCloseTo(0.9453087204829419, 14);
});

test('with one slope, models in the place of tasks are the mixed model that lme4 fits', () => {
  const turned = study.map((tally) => ({ ...tally, model: tally.task, task: tally.model }));
  const { items, logLikelihood } = fitted(turned, { kind: '1PL', nodes: 25 });
  const rows = rowsOf(vector('reference/lme4.csv'));
  expect(items).toHaveLength(rows.length);
  for (const row of rows) {
    const item = items.find(({ task }) => task === row.get('model'));
    expect(item?.intercept, item?.task).toBeCloseTo(numberOf(row, 'logit'), 3);
    expect(item?.slope, item?.task).toBeCloseTo(numberOf(row, 'deviation'), 3);
    expect(logLikelihood).toBeCloseTo(numberOf(row, 'logLikelihood'), 6);
  }
});

const raschItems = rowsOf(vector('reference/erm-items.csv'));
const raschTasks = rowsOf(vector('reference/erm-persons.csv'));

/** The answers that eRm was given, beside the chances that its own parameters give them. */
function raschAnswers(of: 'model' | 'task'): Expected[] {
  const easiness = new Map(raschItems.map((row) => [row.get('model'), numberOf(row, 'easiness')]));
  const ability = new Map(raschTasks.map((row) => [row.get('task'), numberOf(row, 'ability')]));
  return study.flatMap(({ model, task, successes }) => {
    const [one, other] = [easiness.get(model), ability.get(task)];
    if (one === undefined || other === undefined) return [];
    return [
      {
        of: of === 'model' ? model : task,
        successes,
        trials: 1,
        chance: 1 / (1 + Math.exp(-one - other)),
      },
    ];
  });
}

test.each([
  ['model', raschItems],
  ['task', raschTasks],
] as const)('infit and outfit of each %s, with their z, are those of eRm', (of, rows) => {
  const fit = fitOfResponses(raschAnswers(of));
  if (!fit.ok) throw new Error(fit.refusal.got);
  expect(fit.value).toHaveLength(rows.length);
  for (const row of rows) {
    const ours = fit.value.find((one) => one.of === row.get(of));
    for (const figure of ['infit', 'outfit', 'infitZ', 'outfitZ'] as const) {
      expect(ours?.[figure], `${figure} of ${ours?.of}`).toBeCloseTo(numberOf(row, figure), 6);
    }
  }
});

test('the likeliest ability and its error, items known, are those of eRm', () => {
  const items = raschItems.map((row) => ({
    model: row.get('model'),
    intercept: numberOf(row, 'easiness'),
    slope: 1,
  }));
  for (const row of raschTasks.slice(0, 40)) {
    const answers = items.map(({ model, intercept, slope }) => {
      const tally = study.find((one) => one.model === model && one.task === row.get('task'));
      return { intercept, slope, successes: tally?.successes ?? Number.NaN, trials: 1 };
    });
    const ability = abilityOf(answers);
    if (!ability.ok) throw new Error(ability.refusal.got);
    // eRm stops within 1e-5, and takes errors from differences.
    expect(ability.value.value).toBeCloseTo(numberOf(row, 'ability'), 4);
    expect(ability.value.standardError).toBeCloseTo(numberOf(row, 'abilityError'), 3);
  }
});

test('1PL orders the models of the study as their success at common tasks does', () => {
  const { abilities, setAside, n } = fitted(study, { kind: '1PL', nodes: 15 });
  expect(n).toBe(16);
  expect(setAside).toHaveLength(48);
  const best = abilities.toSorted((one, other) => other.value - one.value).map((one) => one.model);
  expect(best.slice(0, 4)).toEqual(['GPT-5.5', 'GPT-5.3 Codex', 'Opus 4.6', 'Sonnet 4.6']);
  expect(best.slice(-2)).toEqual(['GPT-3', 'GPT-2']);
});

test('2PL of 16 models has no end without a prior and says so, and a weak one gives it one', () => {
  const part = runs.flatMap(({ model, task, family, outcome }) =>
    family === 'intercode_ctf' ? [{ model, task, successes: outcome, trials: 1 }] : [],
  );
  const bare = fitAbilities(part, { kind: '2PL' });
  expect(bare.ok ? 'a figure' : bare.refusal.code).toBe('not-converged');
  const one = fitted(part, { kind: '1PL' });
  const prior = weakPrior(one);
  const two = fitted(part, { kind: '2PL', prior });
  expect(two.prior).toEqual(prior);
  expect(new Set(two.items.map(({ slope }) => slope.toFixed(6))).size).toBeGreaterThan(5);
  for (const ability of two.abilities) {
    const simple = one.abilities.find(({ model }) => model === ability.model);
    expect(Math.abs(ability.value - (simple?.value ?? 9)), ability.model).toBeLessThan(0.5);
  }
});

const twoRows = rowsOf(vector('reference/two-parameter.csv'));
const ten = new Set(twoRows.map((row) => row.get('model')));
const tenTurned = study.flatMap((tally) =>
  ten.has(tally.model) ? [{ ...tally, model: tally.task, task: tally.model }] : [],
);

test('2PL of ten models at 291 tasks agrees with mirt, and with plain integration', () => {
  const { items, logLikelihood } = fitted(tenTurned, { kind: '2PL', nodes: 41 });
  expect(items).toHaveLength(10);
  for (const row of twoRows) {
    const item = items.find(({ task }) => task === row.get('model'));
    // mirt sums over a fixed grid and stops by its own measure: a tenth of the slope's error.
    const away = Math.abs((item?.slope ?? 0) - numberOf(row, 'slope'));
    expect(away / (item?.slopeError ?? 0), item?.task).toBeLessThan(0.1);
    expect(Math.abs((item?.difficulty ?? 9) - numberOf(row, 'difficulty'))).toBeLessThan(0.02);
  }
  expect(Math.abs(logLikelihood - numberOf(twoRows[0] ?? new Map(), 'logLikelihood'))).toBeLessThan(
    0.1,
  );
  expect(logLikelihood).toBeCloseTo(plainly(items), 2);
});

/** The marginal log likelihood of the ten models by the trapezoidal rule on 1,601 points. */
function plainly(items: Abilities['items']): number {
  const answers = new Map<string, Map<string, number>>();
  for (const { model, task, successes } of tenTurned) {
    answers.set(model, (answers.get(model) ?? new Map()).set(task, successes));
  }
  const grid = Array.from({ length: 1601 }, (_, place) => {
    const ability = (place - 800) / 100;
    const chances = items.map(
      ({ intercept, slope }) => 1 / (1 + Math.exp(-intercept - slope * ability)),
    );
    return { chances, density: Math.exp(-0.5 * ability * ability) / Math.sqrt(2 * Math.PI) / 100 };
  });
  let total = 0;
  for (const row of answers.values()) {
    const right = items.map(({ task }) => row.get(task));
    total += Math.log(
      grid.reduce(
        (sum, { chances, density }) =>
          sum +
          chances.reduce((product, chance, item) => {
            const answer = right[item];
            if (answer === undefined) return product;
            return product * (answer === 1 ? chance : 1 - chance);
          }, density),
        0,
      ),
    );
  }
  return total;
}

/** 2PL answers of `models` models to 20 tasks of known parameters. */
function simulated(seed: number, models: number): Tally[] {
  const random = seededRandom(seed);
  return Array.from({ length: models }, (_, model) => {
    const ability = normalFrom(random);
    return Array.from({ length: 20 }, (__, task) => {
      const { intercept, slope } = truth(task);
      const chance = 1 / (1 + Math.exp(-intercept - slope * ability));
      return {
        model: `m${model}`,
        task: `t${task}`,
        successes: random() < chance ? 1 : 0,
        trials: 1,
      };
    });
  }).flat();
}

function truth(task: number): { intercept: number; slope: number } {
  return { intercept: -1.5 + (task * 3) / 19, slope: 0.7 + (task % 4) * 0.4 };
}

test('2PL finds known parameters without bias, and its errors cover them', () => {
  const replicates = long ? 100 : 4;
  let [held, asked, slopeBias, interceptBias] = [0, 0, 0, 0];
  for (let seed = 0; seed < replicates; seed += 1) {
    const { items } = fitted(simulated(seed, 500), { kind: '2PL', nodes: 15 });
    for (const item of items) {
      const known = truth(Number(item.task.slice(1)));
      asked += 2;
      slopeBias += item.slope - known.slope;
      interceptBias += item.intercept - known.intercept;
      if (Math.abs(item.slope - known.slope) < 1.96 * item.slopeError) held += 1;
      if (Math.abs(item.intercept - known.intercept) < 1.96 * item.interceptError) held += 1;
    }
  }
  expect(held / asked).toBeGreaterThan(long ? 0.935 : 0.88);
  expect(held / asked).toBeLessThan(long ? 0.965 : 0.995);
  // Slopes by likelihood lean outward by an order of 1/n: 0.021 of 1.3 here, 0.003 ± 0.007 at 2,000.
  expect(Math.abs((2 * slopeBias) / asked)).toBeLessThan(long ? 0.04 : 0.08);
  expect(Math.abs((2 * interceptBias) / asked)).toBeLessThan(long ? 0.02 : 0.12);
});

test('a direction of its own is given to ability: more of it means more success', () => {
  const { items } = fitted(simulated(3, 300), { kind: '2PL', nodes: 15 });
  expect(items.every(({ slope }) => slope > 0)).toBe(true);
});

test('200 points on the CAISI scale triple the odds', () => {
  expect(POINTS_PER_LOGIT).toBeCloseTo(182.05, 2);
  const scale = { origin: 1000, slope: 2 };
  const [low, high] = [caisiScale(0, scale), caisiScale(Math.log(3) / 2, scale)];
  expect(low).toBe(1000);
  expect(high - low).toBeCloseTo(200, 10);
});

test('answers that do not bound an ability, and values beyond their range, are refused', () => {
  const answer = { intercept: 0, slope: 1, successes: 1, trials: 1 };
  const code = (result: ReturnType<typeof abilityOf>): string =>
    result.ok ? 'a figure' : result.refusal.code;
  expect(code(abilityOf([answer, answer]))).toBe('one-outcome');
  expect(code(abilityOf([]))).toBe('one-outcome');
  expect(code(abilityOf([{ ...answer, intercept: Number.NaN }]))).toBe('not-a-number');
  expect(code(abilityOf([{ ...answer, successes: 2 }]))).toBe('not-a-number');
  const fit = fitOfResponses([{ of: 'x', successes: 1, trials: 1, chance: 1 }]);
  expect(fit.ok ? 'a figure' : fit.refusal.code).toBe('not-a-number');
  const wrong = fitAbilities(study, { kind: '1PL', nodes: 3 });
  expect(wrong.ok ? 'a figure' : wrong.refusal.code).toBe('unusable-option');
});
