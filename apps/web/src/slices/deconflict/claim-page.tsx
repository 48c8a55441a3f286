import type { ClaimAnswer } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { toInstant } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { useSay } from '../../ui/toast.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { useGo } from '../session/go.ts';
import { ProblemNote } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { useAct } from '../session/server.ts';
import type { Asked, Taken } from './claim-answer.tsx';
import { ClaimAnswerShown } from './claim-answer.tsx';
import { type ClaimDraft, draftOf, linesOf, scopeOf } from './claim-draft.ts';
import { ClaimFields } from './claim-fields.tsx';
import { OwnerSays } from './owner-says.tsx';
import { readTarget } from './target-field.tsx';
import { targetsWrong } from './targets-field.tsx';
import { blankTerm, TermField, untilOf } from './term-field.tsx';
import { weaknessesWrong } from './weakness-field.tsx';

export const screen: Screen = { Page: ClaimPage };

/** Says what one means to look at, and is told at once whether it is free. */
function ClaimPage({ search }: Address) {
  const [draft, setDraft] = useState(() => draftOf(search));
  return (
    <Page
      title="Claim"
      lede="Say what you mean to look at and for how long. If others are there you learn what they cover, never who they are."
    >
      <div className="publish">
        <Ask draft={draft} onDraft={setDraft} />
        <aside className="publish-beside" aria-labelledby="owner-title">
          <h2 id="owner-title" className="few-title">
            What its owner says
          </h2>
          <Owners draft={draft} />
        </aside>
      </div>
    </Page>
  );
}

interface Answered {
  readonly asked: Asked;
  readonly answer: ClaimAnswer;
}

interface AskProps {
  readonly draft: ClaimDraft;
  readonly onDraft: (draft: ClaimDraft) => void;
}

function Ask({ draft, onDraft }: AskProps) {
  const say = useSay();
  const go = useGo();
  const [term, setTerm] = useState(blankTerm);
  const [answered, setAnswered] = useState<Answered | null>(null);
  const preview = useAct(claims.preview);
  const claim = useAct(claims.claim);
  const problem = claim.problem ?? preview.problem;
  const reason = wrongOf(draft, untilOf(term, Date.now()) === null);
  const change = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      set(value);
      setAnswered(null);
      claim.forget();
      preview.forget();
    };
  };
  function ask(keep: boolean): void {
    const until = untilOf(term, Date.now());
    if (reason !== null || until === null) return;
    const { sharing, listed } = draft;
    const asked: Asked = {
      scope: scopeOf(draft),
      sharing,
      listed,
      from: toInstant(new Date()),
      until,
    };
    const { scope } = asked;
    preview.forget();
    claim.forget();
    if (!keep) {
      preview.act({ body: { scope, sharing, until } }, (answer) => setAnswered({ asked, answer }));
      return;
    }
    claim.act({ body: { scope, sharing, until, listed } }, (answer) => {
      setAnswered({ asked, answer });
      if (answer.claim !== null) say('It is yours.');
    });
  }
  function taken(what: Taken): void {
    if (what.kind === 'claim') {
      setAnswered(what);
      if (what.answer.claim !== null) {
        say('It is yours.');
        go(pathOf('claims'));
      }
      return;
    }
    say(what.kind === 'join' ? 'Whoever holds it is asked.' : 'You stand in line.');
    go(pathOf('claims'));
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        ask(true);
      }}
    >
      <ClaimFields draft={draft} onDraft={change(onDraft)} />
      <TermField value={term} onChange={change(setTerm)} />
      <p className="small below-link">
        Before you claim: <a href="#owner-title">what its owner says</a>, below.
      </p>
      {problem === null ? null : <ProblemNote problem={problem} />}
      {answered !== null && answered.answer.claim !== null ? null : (
        <Buttons>
          <Button type="submit" kind="first" busy={claim.busy && 'Claiming…'} reason={reason}>
            Claim
          </Button>
          <Button busy={preview.busy && 'Asking…'} onPress={() => ask(false)}>
            Only ask
          </Button>
        </Buttons>
      )}
      {answered === null ? null : (
        <>
          <ClaimAnswerShown {...answered} onTaken={taken} />
          {answered.answer.claim === null ? null : (
            <Buttons>
              <ButtonLink href={pathOf('claims')} kind="first">
                Your claims
              </ButtonLink>
            </Buttons>
          )}
        </>
      )}
    </form>
  );
}

function wrongOf(draft: ClaimDraft, noEnd: boolean): string | null {
  const targets = targetsWrong(draft.targets, true);
  if (targets !== null) return targets;
  if (linesOf(draft.except).length > 0 && targetsWrong(draft.except) !== null) {
    return 'A place that is left out cannot be read.';
  }
  if (draft.methods.length === 0) return 'Choose a method first.';
  const classes = weaknessesWrong(draft.weaknesses) ?? weaknessesWrong(draft.exceptWeaknesses);
  return classes ?? (noEnd ? 'Say until when first.' : null);
}

/** Wishes are asked for once the writer pauses, and for the first few places. */
const settleMs = 400;
const placesShown = 3;

function Owners({ draft }: { readonly draft: ClaimDraft }) {
  const text = useSettled(draft.targets, settleMs);
  const lines = linesOf(text);
  const targets = lines.flatMap((line) => {
    const read = readTarget(line, true);
    return read.state === 'read' ? [read.target] : [];
  });
  const once = [...new Map(targets.map((target) => [target.text, target])).values()];
  if (once.length === 0) {
    return (
      <p className="small soft">
        Once you have named a place, its owner’s wishes stand here: when to keep quiet, how to be
        told, what is no vulnerability to them. They count for your claim.
      </p>
    );
  }
  return (
    <>
      {once.slice(0, placesShown).map((target) => (
        <OwnerSays key={target.text} target={target} methods={draft.methods} />
      ))}
      {once.length > placesShown ? (
        <Note title={`And ${once.length - placesShown} more places`}>
          <p className="small">Claim fewer places at once to read what each owner says.</p>
        </Note>
      ) : null}
    </>
  );
}
