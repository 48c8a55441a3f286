import type { Output } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { useGo } from '../session/go.ts';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useAct, useLoad } from '../session/server.ts';
import {
  type ApplyDraft,
  type ApplyGround,
  applicationOf,
  blankDraft,
  firstLacking,
  forgetDraft,
  keepDraft,
  lacks,
  recallDraft,
  type Step,
  stepsOf,
} from './apply-draft.ts';
import { ApplyFields } from './apply-fields.tsx';
import { ApplyLook } from './apply-look.tsx';
import { ApplySent } from './apply-sent.tsx';
import { forgetToken, nominationSlot, ownToken, takeToken } from './secret-link.ts';

export const screen: Screen = {
  load(reader) {
    begin(reader, partners.criteria);
    begin(reader, partners.tiers);
  },
  Page: ApplyPage,
};

/** The application for a tier: one question a screen, kept in this browser until it is sent. */
function ApplyPage({ search }: Address) {
  const criteria = useLoad(partners.criteria, {});
  const tiers = useLoad(partners.tiers, {});
  const [sent, setSent] = useState<Sent | null>(null);
  if (sent !== null) return <ApplySent {...sent} />;
  if (criteria.loaded.state !== 'ready' || tiers.loaded.state !== 'ready') {
    return (
      <Page title="Apply" width="narrow">
        <Show what="the criteria" {...criteria}>
          {() => (
            <Show what="the tiers" {...tiers}>
              {() => null}
            </Show>
          )}
        </Show>
      </Page>
    );
  }
  const rules = criteria.loaded.data;
  const open = tiers.loaded.data.items.filter(({ takesApplications }) => takesApplications);
  if (rules.draft || open.length === 0) return <NotYet />;
  return (
    <Form
      ground={{ tiers: open, criteria: rules.criteria }}
      version={rules.version}
      search={search}
      onSent={setSent}
    />
  );
}

interface Sent {
  readonly sent: Output<typeof partners.apply>;
  readonly organization: string;
}

function NotYet() {
  return (
    <Page title="Apply" width="narrow">
      <EmptyState
        title="Nobody can apply yet"
        actions={<ButtonLink href={pathOf('partners')}>Back to the criteria</ButtonLink>}
      >
        <p>There has to be a tier that takes applications, and criteria that are published.</p>
      </EmptyState>
    </Page>
  );
}

interface FormProps {
  readonly ground: ApplyGround;
  readonly version: number;
  readonly search: Address['search'];
  readonly onSent: (sent: Sent) => void;
}

function Form({ ground, version, search, onSent }: FormProps) {
  const go = useGo();
  const { act, busy, problem } = useAct(partners.apply);
  const [nomination, setNomination] = useState(() => takeToken(nominationSlot));
  const { draft, isKept, change, forget } = useKeptDraft(search['tier']);
  const steps = stepsOf(draft, ground);
  const found = steps.findIndex(({ key }) => key === search['step']);
  const at = found === -1 ? 0 : found;
  const step = steps[at];
  if (step === undefined) return null;
  const to = (key: string | undefined) => go(pathOf('apply', { ...search, step: key }));
  const isLast = step.key === 'send';
  function send(): void {
    const renews = parseId('partner', search['renews'] ?? '');
    const token = renews === null ? null : ownToken();
    const brought = { criteriaVersion: version, nomination, renews, token };
    const body = applicationOf(draft, ground, brought);
    if (body === null) return;
    act({ body }, (sent) => {
      forget();
      forgetToken(nominationSlot);
      onSent({ sent, organization: body.organization });
    });
  }
  return (
    <Page
      title="Apply"
      width="narrow"
      lede={at === 0 || !isKept ? (isKept ? kept : notKept) : undefined}
    >
      {nomination === null ? null : (
        <Note tone="sea" title="You were nominated">
          <p className="small">
            It goes with the tier that you were nominated for. The same criteria hold for you as for
            everybody.
          </p>
          <Button kind="quiet" onPress={() => [forgetToken(nominationSlot), setNomination(null)]}>
            Apply without it
          </Button>
        </Note>
      )}
      <StepForm
        step={step}
        at={at}
        of={steps.length}
        lacks={isLast ? whatLacks(draft, ground) : lacks(step, draft, ground)}
        empty={isEmpty(step, draft)}
        busy={busy}
        onNext={() => (isLast ? send() : to(steps[at + 1]?.key))}
        onBack={at === 0 ? null : () => to(steps[at - 1]?.key)}
      >
        {isLast ? (
          <ApplyLook draft={draft} ground={ground} onChange={to} />
        ) : (
          <ApplyFields step={step} draft={draft} ground={ground} onChange={change} />
        )}
        {problem === null || !isLast ? null : <ProblemNote problem={problem} />}
      </StepForm>
      {at === 0 ? null : (
        <p className="apply-forget small">
          <button type="button" className="link" onClick={() => [forget(), to(undefined)]}>
            Forget what I wrote and begin again
          </button>
        </p>
      )}
    </Page>
  );
}

const kept =
  'About five minutes. What you write stays in this browser until you send it, so you may stop and go on later.';
const notKept = 'About five minutes. This browser keeps nothing: do it in one go.';

interface StepFormProps {
  readonly step: Step;
  readonly at: number;
  readonly of: number;
  readonly lacks: string | null;
  /** Nothing is said, and nothing has to be. */
  readonly empty: boolean;
  readonly busy: boolean;
  readonly onNext: () => void;
  readonly onBack: (() => void) | null;
  readonly children: ReactNode;
}

/** One screen of the form: how far one is, the question, and the way on and back. */
function StepForm(props: StepFormProps) {
  const { step, at, of, lacks: reason, empty, busy, onNext, onBack, children } = props;
  const heading = useHeading(step.key);
  return (
    <form
      className="form apply"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason === null) onNext();
      }}
    >
      <div className="apply-at">
        <p className="small soft" id="apply-at">
          {at + 1} of {of}
        </p>
        <progress max={of} value={at + 1} aria-labelledby="apply-at" />
      </div>
      <h2 ref={heading} tabIndex={-1}>
        {step.title}
      </h2>
      {children}
      <Buttons>
        <Button type="submit" kind="first" reason={reason} busy={busy && 'Sending…'}>
          {step.key === 'send' ? 'Send' : empty ? 'Skip this' : 'Next'}
        </Button>
        {onBack === null ? null : <Button onPress={onBack}>Back</Button>}
      </Buttons>
    </form>
  );
}

function isEmpty({ key, criterion }: Step, draft: ApplyDraft): boolean {
  if (key === 'mail') return draft.mail.trim() === '';
  return criterion !== null && (draft.meets[criterion.id] ?? '').trim() === '';
}

function whatLacks(draft: ApplyDraft, ground: ApplyGround): string | null {
  const lacking = firstLacking(draft, ground);
  return lacking === null ? null : `Something is missing at: ${lacking.title}`;
}

interface KeptDraft {
  readonly draft: ApplyDraft;
  readonly isKept: boolean;
  readonly change: (part: Partial<ApplyDraft>) => void;
  readonly forget: () => void;
}

/** Kept with every letter; of a browser that keeps nothing the page says so. */
function useKeptDraft(tier: string | undefined): KeptDraft {
  const [draft, setDraft] = useState<ApplyDraft>(() => {
    const before = recallDraft(localStorage);
    return tier === undefined ? before : { ...before, tier };
  });
  const [isKept, setIsKept] = useState(true);
  return {
    draft,
    isKept,
    change: (part) => {
      const next = { ...draft, ...part };
      setDraft(next);
      setIsKept(keepDraft(localStorage, next));
    },
    forget: () => {
      forgetDraft(localStorage);
      setDraft(blankDraft);
    },
  };
}

/** The keyboard and the screen reader go to each question as it comes, and not to the first. */
function useHeading(key: string | undefined) {
  const place = useRef<HTMLHeadingElement>(null);
  const before = useRef(key);
  useEffect(() => {
    if (before.current !== key) place.current?.focus();
    before.current = key;
  }, [key]);
  return place;
}
