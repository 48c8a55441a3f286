import type { Output } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { searchOf } from './claim-draft.ts';
import { draftAgain } from './lost-claims.tsx';
import { ScopeShown } from './scope-shown.tsx';
import { scopeLine } from './scope-words.ts';

type Asked = Output<typeof claims.listRequests>;

/** What others ask of one about claims; nothing is shown where nobody asks. */
export function Requests() {
  const { loaded } = useLoad(claims.listRequests, {});
  if (loaded.state !== 'ready') return null;
  const { offers, joins, asked } = loaded.data;
  const agreed = asked.filter((each) => each.with.length > 0);
  if (offers.length + joins.length + asked.length === 0) return null;
  return (
    <section aria-label="What is asked">
      {joins.map((join) => (
        <Join key={`${join.join} ${join.claim}`} join={join} />
      ))}
      {offers.map((offer) => (
        <Offer key={offer.claim} offer={offer} />
      ))}
      {agreed.map((each) => (
        <Note key={each.join} tone="held" title="You were let in">
          <p className="small">
            By {each.with.map(({ name }) => name).join(', ')}, to {scopeLine(each.scope)}, until{' '}
            <Time at={each.until} />. You can claim it beside them now.
          </p>
          <Buttons>
            <ButtonLink href={pathOf('claim', searchOf(draftAgain(each)))} kind="first">
              Claim it
            </ButtonLink>
          </Buttons>
        </Note>
      ))}
      {asked.length > agreed.length ? (
        <p className="small soft">
          You asked to be let in {asked.length - agreed.length === 1 ? 'once' : 'several times'}{' '}
          without an answer yet. No answer and a no look alike.
        </p>
      ) : null}
    </section>
  );
}

function Join({ join }: { readonly join: Asked['joins'][number] }) {
  const say = useSay();
  const { act, busy, problem } = useAct(claims.answerJoin);
  const answer = (accept: boolean) =>
    act({ params: { joining: join.join }, body: { accept } }, ({ with: who }) =>
      say(who === null ? 'You let nobody in. They are told nothing.' : `You let ${who.name} in.`),
    );
  return (
    <Note tone="sea" title="Somebody wants in beside your claim">
      <p className="small">
        You learn who it is if you agree, and they learn who you are. A no tells them nothing.
      </p>
      <ScopeShown scope={join.scope} />
      <p className="small soft">
        Until <Time at={join.until} />
      </p>
      <Buttons>
        <Button busy={busy && 'Answering…'} onPress={() => answer(true)}>
          Let them in
        </Button>
        <Button busy={busy && 'Answering…'} onPress={() => answer(false)}>
          Do not
        </Button>
      </Buttons>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </Note>
  );
}

function Offer({ offer }: { readonly offer: Asked['offers'][number] }) {
  const say = useSay();
  const { act, busy, problem } = useAct(claims.answerOffer);
  const answer = (accept: boolean) =>
    act({ params: { claim: offer.claim }, body: { accept } }, ({ claim }) =>
      say(claim === null ? 'Declined.' : 'You hold it now.'),
    );
  return (
    <Note tone="sea" title={`${offer.from.name} offers you a claim`}>
      <ScopeShown scope={offer.scope} />
      <p className="small soft">
        Until <Time at={offer.until} />
      </p>
      <Buttons>
        <Button busy={busy && 'Answering…'} onPress={() => answer(true)}>
          Take it over
        </Button>
        <Button busy={busy && 'Answering…'} onPress={() => answer(false)}>
          Decline
        </Button>
      </Buttons>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </Note>
  );
}
