import type { Client, Determination } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import { useCallback, useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { EntryWords } from '../record/entry-words.tsx';
import { DisclosureProof } from '../record/log-proof.tsx';
import { EntryNames } from './entry-names.tsx';
import { isDeterminationOf } from './entry-of.ts';
import { dayWords, outcomeWords } from './words.ts';

/** A determination: outcome, date, reference; and its entry in the log, checked here when asked. */
export function DeterminationShown({ determination }: { readonly determination: Determination }) {
  const { id, outcome, date, reference, enteredAt, takenIn, later } = determination;
  const [open, setOpen] = useState(false);
  const ask = useCallback(
    (client: Client) =>
      client.call(designate.determinationProof, { params: { determination: id } }),
    [id],
  );
  const [word, more] = outcomeWords[outcome];
  return (
    <div className="determination">
      <p className="figure">{word}</p>
      <p>{more}</p>
      {later === null ? null : <p className="soft">A later one came after it.</p>}
      <Facts
        items={[
          ['Date', dayWords(date)],
          ['Reference', <code key="r">{reference}</code>],
          [
            takenIn ? 'Taken in' : 'Entered',
            <span key="e">
              <Time at={enteredAt} />
              {takenIn ? ', with a signed bundle from a system apart' : null}
            </span>,
          ],
          ['Release', 'It changes nothing: the developer releases when it wants to.'],
        ]}
      />
      {open ? (
        <DisclosureProof
          name={id}
          ask={ask}
          content={(content) => (
            <>
              <EntryNames
                isSame={isDeterminationOf(content, determination)}
                what="this outcome, date and reference"
              />
              <EntryWords content={content} />
            </>
          )}
        />
      ) : (
        <div className="mt-3">
          <Buttons>
            <Button onPress={() => setOpen(true)}>Check it in the log</Button>
          </Buttons>
        </div>
      )}
    </div>
  );
}
