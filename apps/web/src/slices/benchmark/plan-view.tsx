import type { Result } from '@breakwater/kernel';
import { epochsFor, halfWidth, tasksFor, tasksForDifference } from '@breakwater/statistics';
import { useState } from 'react';
import { TextField } from '../../ui/field.tsx';

const percents = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** How many tasks and epochs it takes: figures that follow the fields. */
export function PlanView() {
  const [tasks, setTasks] = useState('40');
  const [epochs, setEpochs] = useState('3');
  const [accuracy, setAccuracy] = useState('50');
  const [agreement, setAgreement] = useState('0.5');
  const [half, setHalf] = useState('5');
  const [likeness, setLikeness] = useState('0.5');
  const plan = {
    accuracy: Number(accuracy) / 100,
    epochs: Number(epochs),
    intraTask: Number(agreement),
  };
  const share = Number(half) / 100;
  return (
    <section aria-labelledby="plan-title" className="plan">
      <h2 id="plan-title">How many tasks does it take?</h2>
      <div className="plan-fields">
        <TextField label="Tasks" type="number" value={tasks} onChange={setTasks} />
        <TextField label="Epochs of each task" type="number" value={epochs} onChange={setEpochs} />
        <TextField
          label="Expected accuracy, in percent"
          hint="50 asks for the most tasks."
          type="number"
          value={accuracy}
          onChange={setAccuracy}
        />
        <TextField
          label="How alike the epochs of a task are"
          hint="0: each epoch is new. 1: repeating a task tells nothing."
          type="number"
          value={agreement}
          onChange={setAgreement}
        />
        <TextField
          label="Wanted: plus or minus, in percent"
          hint="Also the difference between two models that must not be missed."
          type="number"
          value={half}
          onChange={setHalf}
        />
        <TextField
          label="How alike two models score the tasks"
          hint="0: not at all. What is hard for both need not be counted twice."
          type="number"
          value={likeness}
          onChange={setLikeness}
        />
      </div>
      <dl className="plan-figures" aria-live="polite">
        <PlanFigure
          label={`${tasks} tasks × ${epochs} epochs give`}
          found={halfWidth(Number(tasks), plan)}
          words={(value) => `± ${percents(value)}`}
        />
        <PlanFigure
          label={`± ${half} % with ${epochs} epochs takes`}
          found={tasksFor(share, plan)}
          words={(value) => `${value.toLocaleString('en-US')} tasks`}
        />
        <PlanFigure
          label={`± ${half} % with ${tasks} tasks takes`}
          found={epochsFor(share, Number(tasks), plan)}
          words={(value) => `${value.toLocaleString('en-US')} epochs`}
        />
        <PlanFigure
          label={`To find a difference of ${half} % in four of five tries takes`}
          found={tasksForDifference({
            ...plan,
            difference: share,
            pairCorrelation: Number(likeness),
          })}
          words={(value) => `${value.toLocaleString('en-US')} tasks`}
        />
      </dl>
      <p className="small soft">
        95 % intervals, after Miller, Adding Error Bars to Evals (2024). Tasks that hang together
        count for less than these figures say.
      </p>
    </section>
  );
}

interface PlanFigureProps {
  readonly label: string;
  readonly found: Result<number>;
  readonly words: (value: number) => string;
}

function PlanFigure({ label, found, words }: PlanFigureProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {found.ok ? (
          <span className="plan-figure">{words(found.value)}</span>
        ) : (
          <span className="small soft">
            Not possible: needs {found.refusal.expected}; {found.refusal.todo}.
          </span>
        )}
      </dd>
    </div>
  );
}
