import type { Case, Standing } from '@breakwater/contract';
import { owner } from '@breakwater/contract';
import { Button } from '../../ui/button.tsx';
import { Ago } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { useMay, useMe } from '../session/me.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { verdictWords } from './words.ts';

/** Where an owner stands in a case, for the owner: taken note, its verdict, closed. */
export function Standings({ shown }: { readonly shown: Case }) {
  const may = useMay()(owner.acknowledge);
  const { loaded } = useLoad(owner.standing, { params: { case: shown.id } }, { when: may });
  if (!may || loaded.state !== 'ready' || loaded.data.items.length === 0) return null;
  return (
    <section aria-labelledby="standing-title">
      <h2 id="standing-title" className="rail-title">
        Your answer
      </h2>
      <ul className="standings">
        {loaded.data.items.map((standing) => (
          <li key={standing.owner.id}>
            <OneStanding shown={shown} standing={standing} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface OneProps {
  readonly shown: Case;
  readonly standing: Standing;
}

function OneStanding({ shown, standing }: OneProps) {
  const { owner: who, handedOverAt, acknowledgedAt, verdict, closedAt } = standing;
  const mine = useMe()?.party.id === who.id;
  return (
    <div className="standing small">
      <p>
        <strong>{mine ? 'You' : who.name}</strong>{' '}
        <span className="soft">
          {closedAt === null ? (
            <>
              since <Ago at={handedOverAt} />
            </>
          ) : (
            <>
              closed it <Ago at={closedAt} />
            </>
          )}
        </span>
      </p>
      {acknowledgedAt === null && verdict === null ? (
        <p className="soft">{mine ? 'Not answered yet.' : 'No answer yet.'}</p>
      ) : null}
      {acknowledgedAt === null ? null : (
        <p className="soft">
          Took note <Ago at={acknowledgedAt} />
        </p>
      )}
      {verdict === null ? null : (
        <>
          <p>
            Verdict: <strong>{verdictWords[verdict.is]}</strong>{' '}
            <span className="soft">
              <Ago at={verdict.at} />
            </span>
          </p>
          {verdict.words === null ? null : <QuoteBlock text={verdict.words} />}
        </>
      )}
      {mine && shown.mergedInto === null ? <OwnActs shown={shown} standing={standing} /> : null}
    </div>
  );
}

/** The small acts of an owner that need no form. */
function OwnActs({ shown, standing }: OneProps) {
  const { acknowledgedAt, verdict, closedAt, revision } = standing;
  const may = useMay();
  const acknowledge = useAct(owner.acknowledge);
  const close = useAct(owner.close);
  const reopen = useAct(owner.reopen);
  const input = { params: { case: shown.id }, body: { ifRevision: revision } };
  const problem = acknowledge.problem ?? close.problem ?? reopen.problem;
  if (!may(owner.acknowledge)) return null;
  return (
    <div className="buttons no-print">
      {acknowledgedAt === null && closedAt === null ? (
        <Button
          busy={acknowledge.busy && 'Saying so…'}
          onPress={() => acknowledge.act(input, () => {})}
        >
          I took note
        </Button>
      ) : null}
      {closedAt === null ? (
        <Button
          busy={close.busy && 'Closing…'}
          reason={verdict === null ? 'Give your verdict first.' : null}
          onPress={() => close.act(input, () => {})}
        >
          Close on my side
        </Button>
      ) : (
        <Button busy={reopen.busy && 'Opening…'} onPress={() => reopen.act(input, () => {})}>
          Open again
        </Button>
      )}
      {problem === null ? null : <ProblemNote problem={problem} />}
    </div>
  );
}
