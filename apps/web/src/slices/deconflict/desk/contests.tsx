import type { Control, Output } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { Badge } from '../../../ui/badge.tsx';
import { Buttons } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Time } from '../../../ui/moment.tsx';
import { QuoteBlock } from '../../../ui/quote.tsx';
import { useSay } from '../../../ui/toast.tsx';
import { Show } from '../../session/problem-note.tsx';
import { useAct, useLoad, usePages } from '../../session/server.ts';
import { controlStateWords, wayWords } from '../words.ts';
import { MorePages } from './more-pages.tsx';
import { WithReason } from './with-reason.tsx';

type Contest = Output<typeof authorizations.contests>['items'][number];

/** Places that two parties both proved theirs, and statements that a coordinator rules on. */
export function Contests() {
  const read = useLoad(authorizations.contests, {});
  return (
    <>
      <Show what="contested targets" {...read}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No target is claimed twice">
              <p>
                When two parties prove control of one place, neither is believed, what rests on it
                is suspended, and both stand here until you decide.
              </p>
            </EmptyState>
          ) : (
            <ol className="control-cards">
              {items.map((contest) => (
                <li key={contest.controls.map(({ id }) => id).join(' ')}>
                  <Contested contest={contest} />
                </li>
              ))}
            </ol>
          )
        }
      </Show>
      <h2 className="few-title mt-6">Statements to decide on</h2>
      <Statements />
    </>
  );
}

function Contested({ contest }: { readonly contest: Contest }) {
  const [one, other] = contest.controls;
  return (
    <article className="control-card" aria-label={`Two claim ${one.target}`}>
      <ControlFacts control={one} />
      <Decide believed={one} over={other} />
      <hr className="control-line" />
      <ControlFacts control={other} />
      <Decide believed={other} over={one} />
    </article>
  );
}

function ControlFacts({ control }: { readonly control: Control }) {
  const { party, target, way, provenAt, statement, state, createdAt } = control;
  const [word, tone] = controlStateWords[state];
  return (
    <>
      <p className="claim-time">
        <strong>{party.name}</strong>
        <Badge tone={tone}>{word}</Badge>
      </p>
      <Facts
        items={[
          ['Target', <code key="target">{target}</code>],
          ['Shown by', wayWords[way][0]],
          ['Said', <Time key="said" at={createdAt} />],
          ...(provenAt === null ? [] : [['Proven', <Time key="at" at={provenAt} />] as const]),
        ]}
      />
      {statement === null ? null : <QuoteBlock text={statement} from={party.name} />}
    </>
  );
}

interface DecideProps {
  readonly believed: Control;
  readonly over: Control;
}

function Decide({ believed, over }: DecideProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(authorizations.settle);
  return (
    <WithReason
      ruling
      act={`Believe ${believed.party.name}`}
      title={`Believe ${believed.party.name}?`}
      lede={`What ${over.party.name} wrote for this place does not count from then on. Both see the reason in the record.`}
      busy={busy}
      problem={problem}
      onSend={(reason, done) =>
        act({ body: { believed: believed.id, over: over.id, reason } }, () => {
          say('Decided.');
          done();
        })
      }
    />
  );
}

function Statements() {
  const pages = usePages([authorizations.controls.id, 'pending'], (client, after) =>
    client.call(authorizations.controls, {
      query: { state: 'pending', ...(after === undefined ? {} : { after }) },
    }),
  );
  return (
    <>
      <Show what="statements" {...pages}>
        {(items) => {
          const stated = items.filter(({ way }) => way === 'statement');
          return stated.length === 0 ? (
            <p className="soft small">None waits for you.</p>
          ) : (
            <ol className="control-cards mt-2">
              {stated.map((control) => (
                <li key={control.id}>
                  <article
                    className="control-card"
                    aria-label={`Statement of ${control.party.name}`}
                  >
                    <ControlFacts control={control} />
                    <Buttons>
                      <Rule control={control} stands />
                      <Rule control={control} stands={false} />
                    </Buttons>
                  </article>
                </li>
              ))}
            </ol>
          );
        }}
      </Show>
      <MorePages more={pages.more} />
    </>
  );
}

function Rule({ control, stands }: { readonly control: Control; readonly stands: boolean }) {
  const say = useSay();
  const { act, busy, problem } = useAct(authorizations.ruleControl);
  return (
    <WithReason
      ruling
      act={stands ? 'Confirm' : 'Turn down'}
      title={stands ? 'Confirm the statement?' : 'Turn the statement down?'}
      lede={
        stands
          ? `From then on ${control.party.name} may say who does what to ${control.target}.`
          : `${control.party.name} does not count as its owner.`
      }
      busy={busy}
      problem={problem}
      onSend={(reason, done) =>
        act({ params: { control: control.id }, body: { stands, reason } }, () => {
          say(stands ? 'Confirmed.' : 'Turned down.');
          done();
        })
      }
    />
  );
}
