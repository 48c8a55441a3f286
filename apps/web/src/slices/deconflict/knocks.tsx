import type { Output } from '@breakwater/contract';
import { precheck } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

type Found = Output<typeof precheck.knocks>;

const stateWords = {
  waiting: ['No answer yet', 'sea'],
  agreed: ['Agreed', 'held'],
  lapsed: ['Lapsed', 'plain'],
} as const;

/** Knocks at what one holds, and one's own; where there is none the page says how one comes. */
export function Knocks() {
  const read = useLoad(precheck.knocks, {});
  if (read.loaded.state === 'loading') return null;
  if (read.loaded.state === 'ready' && isNone(read.loaded.data)) return null;
  return (
    <Section
      id="knocks"
      title="Knocks"
      lede="Somebody asked for what is already known here, and offers to talk. Nobody learns who the other is unless both agree."
    >
      <Show what="knocks" {...read}>
        {({ received, sent }) => (
          <>
            {received.map((knock) => (
              <Received key={`${knock.knock} ${knock.case}`} knock={knock} />
            ))}
            {sent.length === 0 ? null : <Sent sent={sent} />}
          </>
        )}
      </Show>
    </Section>
  );
}

function isNone({ received, sent }: Found): boolean {
  return received.length + sent.length === 0;
}

function Sent({ sent }: Pick<Found, 'sent'>) {
  return (
    <ul className="small">
      {sent.map(({ knock, at, state, with: who }) => (
        <li key={knock}>
          You knocked <Time at={at} />.{' '}
          <Badge tone={stateWords[state][1]}>{stateWords[state][0]}</Badge>{' '}
          {who.map(({ name }) => name).join(', ')}
        </li>
      ))}
    </ul>
  );
}

function Received({ knock }: { readonly knock: Found['received'][number] }) {
  const say = useSay();
  const { act, busy, problem } = useAct(precheck.answerKnock);
  const answer = (agree: boolean) =>
    act({ params: { knock: knock.knock }, body: { agree } }, ({ from }) =>
      say(from === null ? 'Declined. They are told nothing.' : `It is ${from.name}.`),
    );
  const title =
    knock.from !== null
      ? `${knock.from.name} found the same as you`
      : 'Somebody found the same as you';
  return (
    <Note tone={knock.answer === null ? 'sea' : 'plain'} title={title}>
      <p className="small">
        About <a href={pathTo('case', { case: knock.case })}>this case</a>, <Time at={knock.at} />.
      </p>
      {knock.message === null ? null : <QuoteBlock text={knock.message} from="What they write" />}
      {knock.answer === null ? (
        <Buttons>
          <Button busy={busy && 'Answering…'} onPress={() => answer(true)}>
            Tell each other who we are
          </Button>
          <Button busy={busy && 'Answering…'} onPress={() => answer(false)}>
            Do not
          </Button>
        </Buttons>
      ) : (
        <p className="small soft">You {knock.answer}.</p>
      )}
      {problem === null ? null : <ProblemNote problem={problem} />}
    </Note>
  );
}
