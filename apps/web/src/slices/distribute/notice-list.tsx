import { distribute } from '@breakwater/contract';
import { Empty } from '../../ui/note.tsx';
import { More } from '../session/more.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { NoticeCard } from './notice-card.tsx';

/** The operator's page: one card for each thing to do. */
export function NoticeList() {
  return (
    <main className="page page-narrow" id="content">
      <header className="page-head">
        <h1>What to do</h1>
        <p className="soft">
          One card for each thing that affects you, newest first. Each says what to do, by when, and
          why.
        </p>
      </header>
      <NoticePage />
    </main>
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
            <Empty>Nothing to do. Nothing in your inventories is known to be affected.</Empty>
          ) : null}
          <ol className="cards">
            {items.map((notice) => (
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
