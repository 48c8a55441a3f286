import type { DesignationFile } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import { Button, Buttons } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Time } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { countWords } from '../../ui/size.ts';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';
import { EvaluationShown } from './evaluation-shown.tsx';
import { evaluatedWords } from './words.ts';

/** The newest evaluation in whole, and those before it in a line. */
export function Evaluations({ file }: { readonly file: DesignationFile }) {
  const { evaluations, rule, determined } = file;
  const [newest, ...former] = evaluations.toReversed();
  const measure = rule?.document?.measure ?? null;
  return (
    <>
      {newest === undefined ? (
        <Empty>It was not evaluated.</Empty>
      ) : newest.figures === null || measure === null ? (
        <Empty>Its figures were erased. {evaluatedWords[newest.outcome][1]}</Empty>
      ) : (
        <EvaluationShown figures={newest.figures} measure={measure} />
      )}
      {newest === undefined ? null : (
        <p className="small soft mt-3">
          Evaluated by {newest.by.name}, <Time at={newest.at} />, over{' '}
          {countWords(newest.runs.length, 'run')}. <Digest value={newest.digest} />
        </p>
      )}
      {former.length === 0 ? null : (
        <details className="fold">
          <summary>{countWords(former.length, 'evaluation')} before it</summary>
          <ul className="small">
            {former.map(({ id, outcome, at, by, runs }) => (
              <li key={id}>
                {evaluatedWords[outcome][1]} {by.name}, <Time at={at} />, over{' '}
                {countWords(runs.length, 'run')}.
              </li>
            ))}
          </ul>
        </details>
      )}
      {determined === null ? <EvaluateAgain file={file} /> : null}
    </>
  );
}

function EvaluateAgain({
  file: { id, rule, runs, evaluations },
}: {
  readonly file: DesignationFile;
}) {
  const say = useSay();
  const { act, busy, problem } = useAct(designate.evaluate);
  const reason =
    rule === null ? 'It needs a rule first.' : runs.length === 0 ? 'It needs a run first.' : null;
  return (
    <div className="mt-4">
      <Buttons>
        <Button
          busy={busy && 'Evaluating…'}
          reason={reason}
          onPress={() =>
            act({ params: { file: id }, body: {} }, ({ outcome }) =>
              say(evaluatedWords[outcome][1]),
            )
          }
        >
          {evaluations.length === 0 ? 'Evaluate it' : 'Evaluate it again'}
        </Button>
      </Buttons>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </div>
  );
}
