import type { Item } from '@breakwater/benchmark';
import type { Suite } from '@breakwater/contract';
import { Facts } from '../../ui/facts.tsx';
import { QuoteBlock, RawText } from '../../ui/quote.tsx';
import { countWords } from '../../ui/size.ts';
import { SaveText } from '../record/save-text.tsx';
import { checkOpened, type Opening } from './opening-steps.ts';

interface ItemOpenedProps {
  readonly opening: Opening;
  readonly suite: Pick<Suite, 'commitment' | 'count'>;
  readonly commitment: string;
}

/** What is in an item, and whether it is what was sealed. */
export function ItemOpened({ opening, suite, commitment }: ItemOpenedProps) {
  const { isCommitted, isOfSuite, item } = checkOpened(opening, {
    root: suite.commitment,
    count: suite.count,
    commitment,
  });
  const holds = isCommitted && isOfSuite;
  return (
    <div className="proof">
      <p className={`proof-outcome ${holds ? 'tone-held' : 'tone-fired'}`} role="status">
        {holds ? 'This is what was sealed' : 'This is not what was sealed'}
      </p>
      <ol className="steps">
        <Step holds={isCommitted} words="Salt and text make the commitment of this item." />
        <Step
          holds={isOfSuite}
          words={`${countWords(opening.path.length, 'hash', 'hashes')} lead from place ${opening.place + 1} of ${opening.count} to the root of the suite.`}
        />
      </ol>
      {item === null ? null : <TaskShown item={item} />}
      <RawText label="The item as it was committed" text={opening.item} />
      <p className="files small">
        <SaveText text={`${JSON.stringify(opening)}\n`} fileName={`item-${opening.place + 1}.json`}>
          Save the opening
        </SaveText>
      </p>
    </div>
  );
}

function Step({ holds, words }: { readonly holds: boolean; readonly words: string }) {
  return (
    <li className={holds ? 'step step-holds' : 'step step-fails'}>
      <p>
        <span className="step-state small">{holds ? 'Holds' : 'Fails'}</span> {words}
      </p>
    </li>
  );
}

function TaskShown({ item: { task, files } }: { readonly item: Item }) {
  const { title, discipline, stance, prompt, humanTime, weight } = task;
  return (
    <div className="mt-3">
      <h3 className="few-title">{title}</h3>
      <Facts
        items={[
          ['Discipline', `${discipline}, ${stance}`],
          ['Human time', `${humanTime.minutes} minutes, ${humanTime.source}`],
          ['Weight', weight],
          ['Files', countWords(files.length, 'file')],
        ]}
      />
      <QuoteBlock text={prompt} from="What the model is told" />
    </div>
  );
}
