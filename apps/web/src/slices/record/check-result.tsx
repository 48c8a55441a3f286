import { DataText } from '../../ui/data-text.tsx';
import { RawText } from '../../ui/quote.tsx';
import type { Check } from './check-steps.ts';
import { outcomeWords, stateWords } from './check-steps.ts';

/** Each step of a check, holding or with its exact failure. */
export function CheckResult({ check }: { readonly check: Check }) {
  return (
    <>
      <p
        className={check.holds ? 'proof-outcome tone-held' : 'proof-outcome tone-fired'}
        role="status"
      >
        {outcomeWords(check)}
      </p>
      <ol className="steps">
        {check.steps.map((step) => (
          <li key={step.title} className={`step step-${step.state}`}>
            <p>
              <span className="step-state small">{stateWords[step.state]}</span> {step.title}
            </p>
            <p className="small soft step-words">
              <DataText text={step.words} />
            </p>
          </li>
        ))}
      </ol>
      {check.content === undefined ? null : (
        <RawText label="What the entry says" text={JSON.stringify(check.content, null, 2)} />
      )}
    </>
  );
}
