import type {
  Command,
  DesignationFile,
} from '../../apps/server/src/slices/frontier/designate/model.ts';
import { judged, rule } from './file-acts.ts';
import type { Invariant } from './search.ts';
import type { Act, State } from './system.ts';

/** What DES-4 to DES-16 ask of files, said without the code under test. */
export const fileInvariants: readonly Invariant<State, Act>[] = [
  { name: 'a run is judged by a rule that stood before it', inState: wronglyAttached },
  { name: 'an evaluation is of all runs', ofStep: partlyEvaluated },
  { name: 'the developer is told of an evaluation of its file', ofStep: toldOfNothing },
  { name: 'what was entered stays', ofStep: altered },
  { name: 'nothing is added once it is over', ofStep: addedLate },
  { name: 'each determination follows the one before', inState: outOfOrder },
];

function filesIn({ matters }: State): readonly DesignationFile[] {
  return matters.flatMap(({ files }) => files);
}

function wronglyAttached(state: State): string | null {
  for (const file of filesIn(state)) {
    if (file.runs.length > 0 && file.rule === null) return `${file.id} has runs and no rule`;
    const wrong = file.runs.find(({ run }) => !judged.has(run));
    if (wrong !== undefined) return `${wrong.run} is attached`;
    if (new Set(file.runs.map(({ model }) => model)).size > 1) return 'runs of two models';
    if (new Set(file.runs.map(({ run }) => run)).size < file.runs.length) return 'a run twice';
  }
  return null;
}

/** What was asked for in a file, where an act did one thing in it. */
function commandIn({ does }: Act): Command | null {
  const [only] = does;
  return only?.slice === 'designate' ? only.command : null;
}

/** The files that a step altered, before and after. */
function alteredFiles(
  before: State,
  after: State,
): readonly (readonly [DesignationFile, DesignationFile])[] {
  const were = new Map(filesIn(before).map((file) => [file.id, file]));
  return filesIn(after).flatMap((file) => {
    const was = were.get(file.id);
    return was === undefined || was === file ? [] : [[was, file] as const];
  });
}

function partlyEvaluated(before: State, act: Act, after: State): string | null {
  const command = commandIn(act);
  for (const [was, file] of alteredFiles(before, after)) {
    if (was.evaluations.length === file.evaluations.length) continue;
    if (command?.act !== 'evaluate') return 'evaluated by itself';
    const attached = was.runs.map(({ run }) => run).toSorted();
    if (attached.length === 0) return 'evaluated over nothing';
    if (command.runs.toSorted().join() !== attached.join()) return 'evaluated over other runs';
    if (command.fewest < rule.repetitions) return 'evaluated before each task was repeated';
    if (command.outcome === null) return 'evaluated without an interval';
  }
  return null;
}

function toldOfNothing(before: State, act: Act, after: State): string | null {
  const command = commandIn(act);
  for (const [was, file] of alteredFiles(before, after)) {
    if (was.assessments === file.assessments) continue;
    if (command?.act !== 'tell') return 'told by itself';
    if (!was.evaluations.includes(command.evaluation)) return `told of ${command.evaluation}`;
  }
  return null;
}

/** Every part of a file and of what was determined only grows. */
function altered(before: State, _act: Act, after: State): string | null {
  for (const [index, { files, determinations }] of before.matters.entries()) {
    const next = after.matters[index];
    if (next === undefined || next.files.length < files.length) return 'a file is gone';
    for (const [place, entered] of determinations.entries()) {
      if (JSON.stringify(next.determinations[place]) !== JSON.stringify(entered)) {
        return `${entered.id} was altered`;
      }
    }
  }
  for (const [was, file] of alteredFiles(before, after)) {
    for (const [office, day] of Object.entries(was.consultations)) {
      const now = new Map(Object.entries(file.consultations)).get(office);
      if (now !== day) return `the consultation of ${office} was altered`;
    }
    const isKept =
      file.rule === was.rule &&
      file.former === was.former &&
      was.runs.every(({ run }, place) => file.runs[place]?.run === run) &&
      was.evaluations.every((id, place) => file.evaluations[place] === id) &&
      (was.determination === null || file.determination === was.determination) &&
      file.dissents >= was.dissents &&
      file.assessments >= was.assessments;
    if (!isKept) return `${file.id} was altered`;
  }
  return null;
}

/** Dissents and what the developer is told come at any time; nothing else does. */
function addedLate(before: State, _act: Act, after: State): string | null {
  const isLeft = (file: DesignationFile) => {
    const at = before.matters.findIndex(({ files }) => files.includes(file));
    return before.engagements[at]?.leftAt !== null;
  };
  for (const [was, file] of alteredFiles(before, after)) {
    if (was.determination === null && !isLeft(was)) continue;
    const { dissents, assessments } = file;
    if (JSON.stringify({ ...was, dissents, assessments }) !== JSON.stringify(file)) {
      return `${file.id} goes on`;
    }
  }
  return null;
}

function outOfOrder({ matters }: State): string | null {
  for (const { files, determinations } of matters) {
    if (files.filter(({ determination }) => determination === null).length > 1) {
      return 'two files are open';
    }
    for (const [place, { id, former, outcome, bundle, date }] of determinations.entries()) {
      const last = determinations[place - 1];
      if (former !== (last?.id ?? null)) return `${id} does not follow the one before`;
      if (outcome === 'withdrawn' && last?.outcome !== 'covered') return `${id} withdraws nothing`;
      if (bundle === null) continue;
      if (last !== undefined && date < last.date) return `${id} goes back`;
      if (determinations.filter((each) => each.bundle === bundle).length > 1) return 'twice in';
    }
  }
  return null;
}
