import { consultedOffices } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import {
  acceptFive,
  acceptSixth,
  addPerson,
  attachFirst,
  consultation,
  engagementIds,
  fiveTerms,
  open,
  openFile,
  openWindow,
  persons,
  sixthTerms,
  statePlan,
} from './acts.ts';
import { rule } from './file-acts.ts';
import { moments } from './moments.ts';
import { type Act, begun, idOf, perform, type State, shipped } from './system.ts';

export type Beginning =
  | 'nothing'
  | 'two persons inside'
  | 'the same model under another codename'
  | 'two models that are one'
  | 'a window after another'
  | 'a file with two consultations'
  | 'a file with a run';

const [first, second] = engagementIds;
const [ann, bob] = persons;
type Step = Act | ((state: State) => Act);

/** A developer in an engagement with terms of all six, and a plan. */
const agreed = (id: Id<'engagement'>, model: number): Step[] => [
  open(id, model, null),
  fiveTerms(id),
  sixthTerms(id, 1),
  statePlan(id),
];

/** A person in the n-th window, with all six accepted. */
const letIn = (id: Id<'engagement'>, window: number, [n, person]: [number, string]): Step[] => {
  const inside = { window: idOf('window', window), grant: idOf('grant', n), person };
  return [
    addPerson(id, inside),
    (state) => acceptFive(state, id, inside),
    acceptSixth(id, { ...inside, version: 1 }),
  ];
};

/** Two persons inside a window that goes as far as it can. */
const active = [
  ...agreed(first, 1),
  openWindow(first, 1, {}),
  ...letIn(first, 1, [1, ann]),
  ...letIn(first, 1, [2, bob]),
];

function after(steps: readonly Step[]): State {
  return steps.reduce((state, step) => {
    const act = typeof step === 'function' ? step(state) : step;
    const next = perform(shipped, state, act);
    if (next === null) throw new Error(`expected to begin by: ${act.name}`);
    return next;
  }, begun(moments[0]));
}

const consulted = (n: number): Act =>
  consultation(first, { n, office: consultedOffices[n - 1] ?? 'ncd' });

/** Where exploring begins, each reached by acts that anybody can do. */
export const beginnings: Readonly<Record<Beginning, State>> = {
  nothing: begun(moments[0]),
  'two persons inside': after(active),
  'the same model under another codename': after([...active, ...agreed(second, 1)]),
  'two models that are one': after([
    ...active,
    ...agreed(second, 2),
    openWindow(second, 2, { begins: moments[2] }),
  ]),
  'a window after another': after([
    ...agreed(first, 1),
    openWindow(first, 1, { ends: moments[1] }),
    ...letIn(first, 1, [1, ann]),
    ...agreed(second, 1),
    openWindow(second, 2, { begins: moments[2] }),
    ...letIn(second, 2, [2, bob]),
  ]),
  'a file with two consultations': after([
    ...agreed(first, 1),
    openFile(first),
    consulted(1),
    consulted(2),
  ]),
  'a file with a run': after([open(first, 1, null), openFile(first, rule.id), attachFirst(first)]),
};
