import type { Command, Matter } from '../../apps/server/src/slices/frontier/designate/model.ts';
import { moments } from './moments.ts';
import { type Cores, shipped } from './system.ts';

type Designate = Cores['designate'];

/** A `decide` that takes one kind of command for another one, or one state for another. */
function taking<A extends Command['act']>(
  act: A,
  change: (command: Extract<Command, { act: A }>, matter: Matter) => Command | Matter,
): { readonly designate: Designate } {
  return {
    designate(matter, command, facts) {
      if (command.act !== act) return shipped.designate(matter, command, facts);
      const changed = change(command as Extract<Command, { act: A }>, matter); // by its act
      return 'act' in changed
        ? shipped.designate(matter, changed, facts)
        : shipped.designate(changed, command, facts);
    },
  };
}

/** What a wrong `decide` does in a file with a rule and a run, what it breaks. */
export const fileMutants: readonly (readonly [
  what: string,
  broken: string,
  mutant: { readonly designate: Designate },
])[] = [
  [
    'judges a run that was there before the rule',
    'a run is judged by a rule that stood before it',
    taking('attach-run', (command) => ({
      ...command,
      run: { ...command.run, beganAt: moments[1] },
    })),
  ],
  [
    'judges a run of another model beside the first',
    'a run is judged by a rule that stood before it',
    taking('attach-run', ({ run: { model } }, matter) => ({
      ...matter,
      files: matter.files.map((file) => ({
        ...file,
        runs: file.runs.map((run) => ({ ...run, model })),
      })),
    })),
  ],
  [
    'evaluates the runs that it is given',
    'an evaluation is of all runs',
    taking('evaluate', (command, matter) => ({
      ...command,
      runs: matter.files.flatMap(({ runs }) => runs.map(({ run }) => run)),
    })),
  ],
  [
    'evaluates what was repeated too rarely',
    'an evaluation is of all runs',
    taking('evaluate', (command) => ({ ...command, fewest: 2 })),
  ],
  [
    'tells of an evaluation that is not there',
    'the developer is told of an evaluation of its file',
    taking('tell', (command, matter) => ({
      ...matter,
      files: matter.files.map((file) => ({ ...file, evaluations: [command.evaluation] })),
    })),
  ],
  [
    'adds a run to a file with a determination',
    'nothing is added once it is over',
    taking('attach-run', (_, matter) => ({
      ...matter,
      files: matter.files.map((file) => ({ ...file, determination: null })),
    })),
  ],
  [
    'takes the same bundle in twice',
    'each determination follows the one before',
    taking('take-in', (_, matter) => ({
      ...matter,
      determinations: matter.determinations.map((each) => ({ ...each, bundle: null })),
    })),
  ],
  [
    'takes in what withdraws nothing',
    'each determination follows the one before',
    {
      designate(matter, command, facts) {
        if (command.act !== 'take-in') return shipped.designate(matter, command, facts);
        const { outcome } = command;
        const decided = shipped.designate(matter, { ...command, outcome: 'covered' }, facts);
        if (!decided.ok) return decided;
        const value = decided.value.map((event) =>
          event.act === 'designate.determined' ? { ...event, outcome } : event,
        );
        return { ok: true, value };
      },
    },
  ],
  [
    'takes in an outcome from before its consultations',
    'no determination without three consultations',
    {
      designate(matter, command, facts) {
        if (command.act !== 'take-in') return shipped.designate(matter, command, facts);
        const date = '2026-10-13';
        const decided = shipped.designate(matter, { ...command, date }, facts);
        if (!decided.ok) return decided;
        const value = decided.value.map((event) =>
          event.act === 'designate.determined' ? { ...event, date: command.date } : event,
        );
        return { ok: true, value };
      },
    },
  ],
];
