import { percent } from '@breakwater/benchmark/report';
import type { RunFigures } from '@breakwater/contract';
import { Facts } from '../../ui/facts.tsx';
import { Interval } from '../../ui/marks.tsx';
import { Note } from '../../ui/note.tsx';
import { countWords } from '../../ui/size.ts';
import { accuracyFacts, accuracyWords } from './figure-words.ts';

/** Accuracy with interval, n, epochs, budget, human time and contamination; invalid apart. */
export function RunFiguresShown({ figures }: { readonly figures: RunFigures }) {
  const { samples, invalid, all, withoutInvalid } = figures;
  if (all === null) {
    return (
      <Note title="No figure">
        <p className="small">
          It takes two tasks at least, with scores from 0 to 1. You may see{' '}
          {countWords(samples, 'sample')}
          {invalid === 0 ? '' : `, ${invalid} of them invalid`}.
        </p>
      </Note>
    );
  }
  const { low, high } = all.interval;
  return (
    <div className="run-figure">
      <p className="plan-figure">
        {percent(all.value)} <span className="small soft">accuracy, all samples</span>
      </p>
      <Interval low={Math.max(0, low)} high={Math.min(1, high)} point={all.value} />
      <Facts
        items={[
          ...accuracyFacts(all),
          [
            'Invalid',
            invalid === 0
              ? `none of ${countWords(samples, 'sample')}`
              : `${invalid} of ${samples}; without: ${accuracyWords(withoutInvalid)}`,
          ],
        ]}
      />
    </div>
  );
}
