import type { Notice } from '@breakwater/contract';
import { distribute } from '@breakwater/contract';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { localZone, Moment, useNow } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { dayAndHour } from '../../ui/time.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { useLoad, usePages } from '../session/server.ts';
import { dueWords } from './due.ts';
import { groupsOf } from './notice-groups.ts';
import { statusWords } from './notice-status.ts';
import { UnjudgedNotes, useUnjudged } from './unjudged-note.tsx';

export const screen: Screen = { Page: NoticesPage };

/** The operator's home: what to do today, the most urgent first. */
function NoticesPage() {
  const unjudged = useUnjudged();
  const pages = usePages([distribute.listNotices.id], (client, after) =>
    client.call(distribute.listNotices, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="What to do today"
      lede="Each line is one thing that affects what you run. Open it to see what to do, by when and how. Nobody there to do it? Hand it on from there."
      width="narrow"
    >
      <Show what="what could not be judged" {...unjudged}>
        {({ items, next }) => <UnjudgedNotes lists={items} more={next !== null} />}
      </Show>
      <Show what="your cards" {...pages}>
        {(notices) =>
          notices.length === 0 ? (
            <Nothing known={isAllKnown(unjudged.loaded)} />
          ) : (
            <Groups notices={notices} known={isAllKnown(unjudged.loaded)} />
          )
        }
      </Show>
      {pages.more.has ? (
        <Buttons>
          <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
            Older cards
          </Button>
        </Buttons>
      ) : null}
    </Page>
  );
}

/** Whether everything that was given could be judged; null: nobody knows yet. */
type Known = boolean | null;

function isAllKnown(loaded: ReturnType<typeof useUnjudged>['loaded']): Known {
  return loaded.state === 'ready' ? loaded.data.items.length === 0 : null;
}

function Groups(props: { readonly notices: readonly Notice[]; readonly known: Known }) {
  const { notices, known } = props;
  const groups = groupsOf(notices, useNow(30_000));
  const open = groups.some(({ open: waits }) => waits);
  return (
    <>
      {open ? null : (
        <p className="all-clear" role="status">
          {known === true
            ? 'Nothing is left to do. Everything we know of was reported.'
            : 'Every card was reported. What could not be judged has none.'}
        </p>
      )}
      {groups.map(({ title, notices: rows }) => (
        <section key={title} className="task-group" aria-label={title}>
          <h2>{title}</h2>
          <ol className="tasks">
            {rows.map((notice) => (
              <li key={notice.id}>
                <Task notice={notice} />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function Task({ notice }: { readonly notice: Notice }) {
  const { card, status } = notice;
  return (
    <>
      <div className="task-words">
        <a href={pathTo('notice', { notice: notice.id })}>{card.headline}</a>
        <p className="small soft">
          {notice.asHelper ? 'For somebody you help' : notice.inventory.name}
        </p>
      </div>
      {status === 'open' || status === 'helper' ? (
        <TaskDue notice={notice} />
      ) : (
        <p className="task-due small">
          <Badge tone="held">{statusWords(status)}</Badge>
          {notice.receipt === null ? null : (
            <span className="soft">
              <Moment at={notice.receipt.at} />
            </span>
          )}
        </p>
      )}
    </>
  );
}

function TaskDue({ notice: { card, status } }: { readonly notice: Notice }) {
  const now = useNow(30_000);
  const { dueAt } = card;
  const late = dueAt !== null && Date.parse(dueAt) <= now;
  return (
    <p className="task-due small">
      {status === 'helper' ? <Badge>With a helper</Badge> : null}
      {dueAt === null ? (
        <span className="soft">with your next update</span>
      ) : (
        <>
          <Badge tone={late ? 'fired' : 'warn'}>{dueWords(dueAt, now)}</Badge>
          <time className="num soft" dateTime={dueAt}>
            by {dayAndHour(dueAt, localZone())}
          </time>
        </>
      )}
    </p>
  );
}

/** No card: all is well, or nobody can say, or we were never told what to look for. */
function Nothing({ known }: { readonly known: Known }) {
  const { loaded } = useLoad(distribute.listInventories, { query: {} });
  const lists = loaded.state === 'ready' ? loaded.data.items.length : null;
  if (lists === 0) {
    return (
      <EmptyState
        title="First: what do you run?"
        actions={
          <ButtonLink href={pathOf('inventories')} kind="first">
            Add a list of what you run
          </ButtonLink>
        }
      >
        <p>
          We can only warn you of what we know you have. A file that your system already makes is
          enough, or a few lines typed by hand. Nobody but you sees it.
        </p>
      </EmptyState>
    );
  }
  if (lists === null || known === null) return null;
  if (!known) {
    return (
      <EmptyState
        title="No card yet"
        actions={<ButtonLink href={pathOf('inventories')}>What we know you run</ButtonLink>}
      >
        <p>
          That is no all-clear: of what stands above nobody can say whether there is something to
          do. Of the rest nothing is known to be affected.
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing to do today"
      actions={<ButtonLink href={pathOf('inventories')}>What we know you run</ButtonLink>}
    >
      <p>
        Nothing in the lists you gave us is known to be affected. A card appears here as soon as
        something is, and we can send you mail then.
      </p>
    </EmptyState>
  );
}
