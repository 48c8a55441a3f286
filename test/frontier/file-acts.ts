import type { EvaluationOutcome } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type {
  Command,
  DesignationFile,
  RuleFacts,
  RunFacts,
} from '../../apps/server/src/slices/frontier/designate/model.ts';
import { moments } from './moments.ts';
import { idOf } from './system.ts';

/** A rule that went into the log at the first moment, and the same before anybody signed that. */
export const rule: RuleFacts = {
  id: idOf('rule', 1),
  committedAt: moments[0],
  suite: 'a suite',
  budget: 'a budget',
  repetitions: 2,
};
const uncommitted: RuleFacts = { ...rule, committedAt: null };

const run: Omit<RunFacts, 'run'> = {
  model: 'a model',
  beganAt: moments[1],
  takenIn: true,
  suite: 'a suite',
  budget: 'a budget',
};

/** Runs that the rule judges: the first two. What is wrong with each of the others is one thing. */
export const runs: readonly RunFacts[] = [
  run,
  run,
  { ...run, beganAt: moments[0] },
  { ...run, takenIn: false },
  { ...run, suite: 'another suite' },
  { ...run, suite: null },
  { ...run, budget: 'another budget' },
  { ...run, model: 'another model' },
].map((each, index) => ({ ...each, run: idOf('run', index + 1) }));

/** The last of them is wrong only beside a run of the first model. */
export const judged: ReadonlySet<string> = new Set(
  [...runs.slice(0, 2), ...runs.slice(-1)].map((each) => each.run),
);

/** What anybody may try in a file beside consulting and determining. */
export function fileCommands({ id: file, ...stands }: DesignationFile): readonly Command[] {
  const each: Command[] = [];
  if (stands.dissents === 0) each.push({ act: 'dissent', file });
  if (stands.assessments === 0) {
    for (const evaluation of [1, 2].map((n) => idOf('evaluation', n))) {
      const assessment = idOf('assessment', 1);
      each.push({ act: 'tell', file, assessment, evaluation, parts: ['outcome'] });
    }
  }
  if (stands.rule === null) return each;
  for (const given of [rule, uncommitted]) {
    each.push(...runs.map((one): Command => ({ act: 'attach-run', file, run: one, rule: given })));
  }
  if (stands.evaluations.length > 0) return each;
  const attached = stands.runs.map((one) => one.run);
  return [...each, ...evaluations(file, attached)];
}

/** Over all runs, over fewer, over others; too rarely repeated; without an interval. */
function evaluations(file: Id<'file'>, attached: readonly Id<'run'>[]): readonly Command[] {
  const evaluate = (
    of: readonly Id<'run'>[],
    fewest: number,
    outcome: EvaluationOutcome | null,
  ): Command => ({
    act: 'evaluate',
    file,
    evaluation: idOf('evaluation', 1),
    rule,
    runs: of,
    fewest,
    outcome,
    digest: 'sha256:1',
  });
  return [
    evaluate(attached, 2, 'interval-spans'),
    evaluate(attached.slice(1), 2, 'interval-above'),
    evaluate([idOf('run', 9)], 2, 'interval-above'),
    evaluate(attached, 1, 'interval-above'),
    evaluate(attached, 2, null),
  ];
}

/** Bundles that are carried here: in order, out of order, and with days that cannot be. */
export function bundleCommands(next: {
  readonly file: Id<'file'>;
  readonly determination: Id<'determination'>;
}): readonly Command[] {
  const carried: readonly (readonly ['covered' | 'withdrawn', string, string])[] = [
    ['covered', '2026-10-12', '2026-10-12'],
    ['withdrawn', '2026-10-13', '2026-10-13'],
    ['covered', '2026-10-12', '2026-10-13'],
    ['covered', '2027-01-01', '2026-10-12'],
  ];
  return carried.map(([outcome, date, day], index) => ({
    act: 'take-in',
    ...next,
    consultations: {
      ncd: { id: idOf('consultation', 20), date: day },
      apst: { id: idOf('consultation', 21), date: day },
      'cisa-director': { id: idOf('consultation', 22), date: day },
    },
    outcome,
    date,
    reference: 'A-3',
    bundle: `sha256:${index}`,
  }));
}
