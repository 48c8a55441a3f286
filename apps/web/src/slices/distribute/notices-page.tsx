import type { Notice } from '@breakwater/contract';
import { distribute } from '@breakwater/contract';
import { Empty } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { More } from '../session/more.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { NoticeCard } from './notice-card.tsx';

export const screen: Screen = {
  load: (reader) => begin(reader, distribute.listNotices, { query: {} }),
  Page: NoticesPage,
};

/** The operator's page: one card for each thing to do. */
function NoticesPage() {
  return (
    <Page
      title="What to do"
      lede="One card for each thing that affects you; what is still to do comes first. Each says what to do, by when and how. Nobody there to do it? Each card can be sent on."
      width="narrow"
    >
      <NoticePage />
    </Page>
  );
}

function NoticePage({ after }: { readonly after?: string }) {
  const query = after === undefined ? {} : { after };
  const { loaded, reload } = useLoad(distribute.listNotices, { query });
  return (
    <Show what="your cards" loaded={loaded} reload={reload}>
      {({ items, next }) => (
        <>
          {items.length === 0 ? (
            <Empty>
              Nothing to do: nothing in the lists you gave us (your inventories) is known to be
              affected. A card appears here as soon as something is.
            </Empty>
          ) : null}
          <ol className="cards">
            {[...items].sort(byNeed).map((notice) => (
              <li key={notice.id}>
                <NoticeCard notice={notice} onReceipt={reload} />
              </li>
            ))}
          </ol>
          <More next={next} label="Older cards">
            {(older) => <NoticePage after={older} />}
          </More>
        </>
      )}
    </Show>
  );
}

/** What is to do before what was reported, the earliest deadline first. */
function byNeed(a: Notice, b: Notice): number {
  return need(a).localeCompare(need(b));
}

function need({ status, card }: Notice): string {
  const rank = status === 'open' ? '0' : status === 'helper' ? '1' : '2';
  return `${rank} ${card.dueAt ?? '~'}`;
}
