import type { Alternative, ClaimAnswer, HeldPart, Scope } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { addMilliseconds } from '@breakwater/kernel';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { useShortcut } from '../../ui/keys.ts';
import { Moment, Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { spanWords } from '../../ui/time.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';
import { ScopeShown } from './scope-shown.tsx';
import { answerWords } from './words.ts';

/** What was asked for, as it was sent. */
export interface Asked {
  readonly scope: Scope;
  readonly sharing: 'alone' | 'beside';
  readonly listed: boolean;
  readonly from: Instant;
  readonly until: Instant;
}

/** What came of an alternative that was taken. */
export type Taken =
  | { readonly kind: 'claim'; readonly answer: ClaimAnswer; readonly asked: Asked }
  | { readonly kind: 'wait' }
  | { readonly kind: 'join' };

interface AnswerProps {
  readonly asked: Asked;
  readonly answer: ClaimAnswer;
  readonly onTaken: (taken: Taken) => void;
}

/** What an asker is answered, and what to do about it, each in one act. */
export function ClaimAnswerShown({ asked, answer, onTaken }: AnswerProps) {
  const [title, tone] = answerWords[answer.answer];
  return (
    <section className="claim-answer" aria-labelledby="answer-title">
      <Note tone={tone} title={title} role="status">
        <p id="answer-title" className="small">
          <AnswerWords answer={answer} />
        </p>
      </Note>
      {answer.held.length === 0 ? null : <HeldParts held={answer.held} />}
      {answer.alternatives.some(isUseful) ? (
        <Alternatives asked={asked} answer={answer} onTaken={onTaken} />
      ) : null}
    </section>
  );
}

function AnswerWords({ answer }: Pick<AnswerProps, 'answer'>) {
  const end = <Moment at={answer.until} />;
  switch (answer.answer) {
    case 'granted':
      return answer.claim === null ? 'It would be yours.' : <>It is yours until {end}.</>;
    case 'beside':
      return answer.claim === null ? (
        'It would be yours, beside what others cover of it.'
      ) : (
        <>It is yours until {end}, beside what others cover of it.</>
      );
    case 'conflict':
      return <>Nothing was taken. What stands in the way ends {end}, or earlier.</>;
  }
}

function HeldParts({ held }: { readonly held: readonly HeldPart[] }) {
  return (
    <div>
      <h2 className="few-title">What others cover of it</h2>
      <p className="small soft">Whose it is, nobody is told.</p>
      <ul className="held-parts">
        {held.map((part) => (
          <li key={JSON.stringify(part)}>
            <ScopeShown scope={part.scope} />
            <p className="small soft">
              {part.sharing === 'alone' ? 'Alone' : 'Side by side'}, until <Time at={part.until} />
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A few minutes at the end of what others hold help nobody. */
function isUseful(alternative: Alternative): boolean {
  if (alternative.kind !== 'part' || !alternative.differs.includes('time')) return true;
  return Date.parse(alternative.until) - Date.parse(alternative.from) >= 3_600_000;
}

/** Numbered, so that each can be named; its number on the keyboard takes it. */
function Alternatives({ asked, answer, onTaken }: AnswerProps) {
  const take = useTake(asked, answer.claim, onTaken);
  const useful = answer.alternatives.filter(isUseful);
  return (
    <div>
      <h2 className="few-title">
        {answer.answer === 'conflict' ? 'What you can do instead' : 'Or share it out'}
      </h2>
      <ol className="alternatives">
        {useful.map((alternative, at) => (
          <Choice
            key={JSON.stringify(alternative)}
            number={at + 1}
            words={wordsOf(alternative, asked)}
            busy={take.busy}
            onPress={() => take.take(alternative)}
          />
        ))}
      </ol>
      {take.problem === null ? null : <ProblemNote problem={take.problem} />}
    </div>
  );
}

interface Words {
  readonly act: string;
  readonly more: ReactNode;
}

interface ChoiceProps {
  readonly number: number;
  readonly words: Words;
  readonly busy: boolean;
  readonly onPress: () => void;
}

function Choice({ number, words, busy, onPress }: ChoiceProps) {
  useShortcut(String(number), `Take alternative ${number}: ${words.act}`, busy ? null : onPress);
  return (
    <li className="alternative">
      <div className="small alternative-more">{words.more}</div>
      <Button busy={busy ? words.act : false} onPress={onPress} label={`${number}. ${words.act}`}>
        {words.act}
      </Button>
    </li>
  );
}

const differsWords = {
  targets: 'places',
  versions: 'versions',
  weaknesses: 'classes of weakness',
  methods: 'methods',
  time: 'hours',
} as const;

type Part = Extract<Alternative, { readonly kind: 'part' }>;

/** `The classes of weakness and methods that nobody covers.` */
function partWords({ differs }: Part): string {
  const what = differs.map((each) => differsWords[each]).join(' and ');
  return what === '' ? 'What nobody covers.' : `The ${what} that nobody covers.`;
}

function wordsOf(alternative: Alternative, asked: Asked): Words {
  const long = spanWords(lengthOf(asked));
  switch (alternative.kind) {
    case 'part':
      return {
        act: 'Take this part',
        more: (
          <>
            <p className="alternative-title">{partWords(alternative)}</p>
            <ScopeShown scope={alternative.scope} />
            {alternative.differs.includes('time') ? (
              <p>
                From <Moment at={alternative.from} /> to <Moment at={alternative.until} />.
              </p>
            ) : null}
          </>
        ),
      };
    case 'later':
      return {
        act: 'Take it later',
        more: (
          <>
            <p className="alternative-title">All of it, once it is free.</p>
            <p>
              From <Moment at={alternative.from} /> to <Moment at={alternative.until} />.
            </p>
          </>
        ),
      };
    case 'beside':
      return {
        act: 'Take it side by side',
        more: <p className="alternative-title">All of it now: whoever holds it lets others in.</p>,
      };
    case 'join':
      return {
        act: 'Ask to be let in',
        more: (
          <>
            <p className="alternative-title">Ask whoever holds it.</p>
            <p>You learn of each other if both agree. A no looks like no answer.</p>
          </>
        ),
      };
    case 'wait':
      return {
        act: 'Stand in line',
        more: (
          <>
            <p className="alternative-title">Wait until it frees.</p>
            <p>
              It is then yours for {long}, in the published order. You leave the line after four
              weeks, or when you want.
            </p>
          </>
        ),
      };
  }
}

function lengthOf({ from, until }: Asked): number {
  return Date.parse(until) - Date.parse(from);
}

const waitMs = 28 * 86_400_000;

/**
 * One act for each kind. A part that is taken instead of a claim just granted beside others is taken
 * first and the wide one released then: what is claimed is never without a holder in between.
 */
function useTake(asked: Asked, wide: Id<'claim'> | null, onTaken: (taken: Taken) => void) {
  const claim = useAct(claims.claim);
  const release = useAct(claims.release);
  const join = useAct(claims.askJoin);
  const wait = useAct(claims.wait);
  const { scope, sharing, listed, from, until } = asked;
  function claimAs(next: Asked): void {
    claim.act({ body: next }, (answer) => {
      const done = () => onTaken({ kind: 'claim', answer, asked: next });
      if (wide === null || answer.claim === null) done();
      else release.act({ params: { claim: wide }, body: { covered: [] } }, done);
    });
  }
  function standInLine(): void {
    const hours = Math.max(1, Math.round(lengthOf(asked) / 3_600_000));
    const giveUpAt = addMilliseconds(from, waitMs);
    wait.act({ body: { scope, sharing, hours, giveUpAt, listed } }, () =>
      onTaken({ kind: 'wait' }),
    );
  }
  function take(alternative: Alternative): void {
    switch (alternative.kind) {
      case 'part': {
        const { scope: part, from: begin, until: end } = alternative;
        claimAs({ ...asked, scope: part, from: begin, until: end });
        break;
      }
      case 'later':
        claimAs({ ...asked, from: alternative.from, until: alternative.until });
        break;
      case 'beside':
        claimAs({ ...asked, sharing: 'beside' });
        break;
      case 'join':
        join.act({ body: { scope, sharing, from, until } }, () => onTaken({ kind: 'join' }));
        break;
      case 'wait':
        standInLine();
        break;
    }
  }
  return {
    take,
    busy: claim.busy || release.busy || join.busy || wait.busy,
    problem: claim.problem ?? release.problem ?? join.problem ?? wait.problem,
  };
}
