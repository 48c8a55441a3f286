import type { InboxItem, Pace } from '@breakwater/contract';
import { owner } from '@breakwater/contract';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago, Moment } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Quote } from '../../ui/quote.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad, usePages } from '../session/server.ts';
import { stageTone, stageWords } from './stage-path.ts';
import { verdictWords } from './words.ts';

export const screen: Screen = {
  load: (reader) => begin(reader, owner.pace),
  Page: InboxPage,
};

/** The owner's inbox: what was handed over, in the order in which it came, at the owner's pace. */
function InboxPage({ search }: Address) {
  const go = useGo();
  const state = search['state'] === 'closed' ? 'closed' : 'open';
  return (
    <Page
      title="Inbox"
      lede="Cases about your software. Each was reproduced before it came to you, or a coordinator says why not."
      actions={<ButtonLink href={pathOf('pace')}>Set your pace</ButtonLink>}
      width="narrow"
    >
      <PaceLine />
      <Tabs
        label="Which cases"
        value={state}
        onChange={(key) => go(pathOf('inbox', key === 'closed' ? { state: key } : {}))}
        tabs={[
          { key: 'open', label: 'To answer', content: <Cases state="open" /> },
          { key: 'closed', label: 'Closed', content: <Cases state="closed" /> },
        ]}
      />
    </Page>
  );
}

function PaceLine() {
  const { loaded } = useLoad(owner.pace, {});
  if (loaded.state !== 'ready') return null;
  return <p className="small soft">{paceWords(loaded.data)}</p>;
}

function paceWords({ capacityPerWeek, pause, week }: Pace) {
  if (pause !== null) {
    return pause.until === null ? (
      'Paused: nothing new comes until you lift it.'
    ) : (
      <>
        Paused until <Moment at={pause.until} />: nothing new comes before.
      </>
    );
  }
  if (capacityPerWeek === null) return 'You take cases as they come.';
  return `${week.handedOver} of ${capacityPerWeek} this week.`;
}

function Cases({ state }: { readonly state: 'open' | 'closed' }) {
  const pages = usePages([owner.inbox.id, state], (client, after) =>
    client.call(owner.inbox, { query: { state, ...(after === undefined ? {} : { after }) } }),
  );
  return (
    <>
      <Show what="your inbox" {...pages}>
        {(items) =>
          items.length === 0 ? (
            <Nothing state={state} />
          ) : (
            <ol className="tasks">
              {items.map((item) => (
                <li key={item.case.id}>
                  <Item item={item} />
                </li>
              ))}
            </ol>
          )
        }
      </Show>
      {pages.more.has ? (
        <Buttons>
          <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
            More
          </Button>
        </Buttons>
      ) : null}
    </>
  );
}

function Nothing({ state }: { readonly state: 'open' | 'closed' }) {
  if (state === 'closed') {
    return (
      <EmptyState title="Nothing closed yet">
        <p>What you closed on your side is kept here, and can be opened again.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing to answer"
      actions={<ButtonLink href={pathOf('pace')}>Set your pace</ButtonLink>}
    >
      <p>
        When somebody reports a weakness in your software, it is joined with what is the same,
        reproduced in a sandbox, and then comes here: not more in a week than you want.
      </p>
    </EmptyState>
  );
}

function Item({ item }: { readonly item: InboxItem }) {
  const { case: shown, standing, severity, exploited } = item;
  return (
    <>
      <div className="task-words">
        <a href={pathTo('case', { case: shown.id })}>
          <Quote text={shown.title} />
        </a>
        <p className="small soft">
          <span className="mono">
            {shown.package.replace(/^pkg:/, '')} {shown.version}
          </span>
          {severity === null ? '' : ` · ${severity}`}
        </p>
      </div>
      <p className="task-due small">
        {exploited ? <Badge tone="fired">Exploited in the wild</Badge> : null}
        <Badge tone={stageTone(shown.stage)}>{stageWords(shown.stage)}</Badge>
        <span className="soft">
          {answerWords(item)} · here <Ago at={standing.handedOverAt} />
        </span>
        {shown.embargo.state === 'until' ? (
          <span className="soft">
            embargo ends <Moment at={shown.embargo.endsAt} />
          </span>
        ) : null}
      </p>
    </>
  );
}

/** What the owner said so far; once the case is published, an answer may still come. */
function answerWords({ case: shown, standing }: InboxItem): string {
  if (standing.verdict !== null)
    return `Your verdict: ${verdictWords[standing.verdict.is].toLowerCase()}`;
  if (standing.acknowledgedAt !== null) return 'You took note; no verdict yet';
  return shown.stage === 'published'
    ? 'Published without your answer, which you can still give'
    : 'Not answered yet';
}
