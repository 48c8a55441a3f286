import { Marks } from '../../ui/marks.tsx';
import { sizeWords } from '../../ui/size.ts';
import { durationWords } from '../../ui/time.ts';
import type { Attempt, AttemptRow } from './attempts.ts';
import { attemptWords, outcomeWords, rowsOf, shapes } from './attempts.ts';

/** Every run as a small mark, by build and input. */
export function AttemptMarks({ attempts }: { readonly attempts: readonly Attempt[] }) {
  return (
    <div className="attempt-rows">
      {rowsOf(attempts).map((row) => (
        <MarkRow key={row.key} row={row} />
      ))}
    </div>
  );
}

function MarkRow({ row }: { readonly row: AttemptRow }) {
  const marks = row.attempts.map((attempt) => ({
    key: String(attempt.number),
    shape: shapes[attempt.outcome],
    words: attemptWords(attempt),
  }));
  return (
    <div className="attempt-row">
      <p className="attempt-label">{row.label}</p>
      <Marks marks={marks} alarming={row.expected === 'quiet'} />
      <p className="small soft num">
        fired {row.fired} of {row.attempts.length}
        <span className="faint">
          {row.expected === 'fires' ? ' · should fire' : ' · must stay quiet'}
        </span>
      </p>
    </div>
  );
}

/** The same runs with all that was measured. */
export function AttemptTable({ attempts }: { readonly attempts: readonly Attempt[] }) {
  return (
    <details className="fold">
      <summary>All {attempts.length} runs in numbers</summary>
      <table className="stacking">
        <caption className="unseen">All runs in numbers</caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Outcome</th>
            <th scope="col">Time</th>
            <th scope="col">Peak memory</th>
            <th scope="col">Network</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <AttemptLine
              key={`${attempt.build} ${attempt.input} ${attempt.number}`}
              attempt={attempt}
            />
          ))}
        </tbody>
      </table>
    </details>
  );
}

function AttemptLine({ attempt }: { readonly attempt: Attempt }) {
  const { build, input, number, outcome, reason, wallMs, peakMemoryBytes } = attempt;
  return (
    <tr>
      <th scope="row">
        {build}, {input} {number}
      </th>
      <td data-label="Outcome">
        {outcomeWords[outcome]}
        <span className="soft"> · {reason}</span>
      </td>
      <td data-label="Time" className="num">
        {durationWords(wallMs)}
      </td>
      <td data-label="Peak memory" className="num">
        {peakMemoryBytes === null ? 'not measured' : sizeWords(peakMemoryBytes)}
      </td>
      <td data-label="Network">{attempt.networkDenied ? 'denied' : 'not proven denied'}</td>
    </tr>
  );
}
