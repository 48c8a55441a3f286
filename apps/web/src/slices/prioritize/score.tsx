import type { Score } from '@breakwater/contract';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { deadlineWords } from './deadline.ts';

/** What comes first, by the published tables, with every input. */
export function ScoreSection({ score }: { readonly score: Score | null }) {
  return (
    <Section
      id="score"
      title="Score"
      lede="Looked up in published tables, never guessed: each result names its table and row, each input its source and date."
    >
      {score === null ? (
        <Empty>Not scored yet. A coordinator scores a case.</Empty>
      ) : (
        <Scored score={score} />
      )}
    </Section>
  );
}

function Scored({ score }: { readonly score: Score }) {
  const { ssvc, bod2604, cvss } = score;
  return (
    <>
      <div className="score-cells">
        <article className="score-cell">
          <h3>SSVC decision</h3>
          <p className="figure">{ssvc.decision}</p>
          <p className="small soft">
            <span className="mono">{ssvc.row}</span>
          </p>
        </article>
        <article className="score-cell">
          <h3>BOD 26-04</h3>
          <p className="figure num">{deadlineWords(bod2604.days)}</p>
          {deadlineWords(bod2604.days) === bod2604.tier ? null : (
            <p className="small">{bod2604.tier}</p>
          )}
          <p className="small soft">
            <span className="mono">{bod2604.row}</span>. {bod2604.rule}
          </p>
        </article>
        <article className="score-cell">
          <h3>CVSS {cvss?.version}</h3>
          {cvss === null ? (
            <p className="soft">No vector was given.</p>
          ) : (
            <>
              <p className="figure num">
                {cvss.score.toFixed(1)} <span className="figure-word">{cvss.severity}</span>
              </p>
              <p className="small mono soft">{cvss.vector}</p>
            </>
          )}
        </article>
      </div>
      <Inputs inputs={score.inputs} />
      <p className="small faint">
        Scored <Moment at={score.at} />
        {score.by === null ? '' : ` by ${score.by.name}`}
      </p>
    </>
  );
}

function Inputs({ inputs }: { readonly inputs: Score['inputs'] }) {
  return (
    <table className="stacking">
      <caption className="unseen">Inputs of the score</caption>
      <thead>
        <tr>
          <th scope="col">Input</th>
          <th scope="col">Value</th>
          <th scope="col">Source</th>
          <th scope="col">As of</th>
        </tr>
      </thead>
      <tbody>
        {inputs.map((input) => (
          <tr key={`${input.name} ${input.source}`}>
            <th scope="row">{input.name}</th>
            <td data-label="Value">
              {input.value === null ? (
                <span className="missing">Missing; assumed {input.assumed ?? 'nothing'}</span>
              ) : (
                <strong>{input.value}</strong>
              )}
            </td>
            <td data-label="Source">{input.source}</td>
            <td data-label="As of" className="num">
              {input.date?.slice(0, 10) ?? 'no date'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
