import type { Output, runs } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { useShortcut } from '../../ui/keys.ts';
import { Empty, Note } from '../../ui/note.tsx';
import { EntryCard } from '../benchmark/entry-card.tsx';
import { Pager } from '../benchmark/pager.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import type { Loaded } from '../session/server.ts';
import { numberedOf, pageEvents } from './transcript-place.ts';

type Page = Output<typeof runs.transcript>;

interface ServedTranscriptProps {
  readonly id: Id<'sample'>;
  /** The event that is looked at. */
  readonly at: number;
  readonly loaded: Loaded<Page>;
  readonly reload: () => void;
}

/** The transcript of a sample as the server gives it: one page of events. */
export function ServedTranscript({ id, at, loaded, reload }: ServedTranscriptProps) {
  if (loaded.state === 'failed' && loaded.problem.status === 404) {
    return (
      <Note title="You may see its result, not its item">
        <p className="small">
          A transcript shows both. Ask the keeper of the suite for the right to see items.
        </p>
      </Note>
    );
  }
  return (
    <Show what="the transcript" loaded={loaded} reload={reload}>
      {(page) => <PageShown id={id} at={at} page={page} />}
    </Show>
  );
}

interface PageShownProps {
  readonly id: Id<'sample'>;
  readonly at: number;
  readonly page: Page;
}

function PageShown({ id, at, page: { from, total, items } }: PageShownProps) {
  const go = useGo();
  const hrefOf = (next: number) =>
    pathTo('sample', { sample: id }, { at: next === 0 ? '' : String(next) });
  const goTo = (next: number) =>
    go(hrefOf(Math.max(0, Math.min(total - 1, next))), { replace: true });
  const some = total > 0;
  useShortcut('j', 'Next in the transcript', some ? () => goTo(at + 1) : null);
  useShortcut('k', 'Before in the transcript', some ? () => goTo(at - 1) : null);
  useShortcut('n', 'Next page', some ? () => goTo(from + pageEvents) : null);
  useShortcut('p', 'Page before', some ? () => goTo(from - pageEvents) : null);
  if (!some) return <Empty>There are no events in this sample.</Empty>;
  return (
    <>
      <ol className="transcript" start={from + 1}>
        {items.map((item) => (
          <EntryCard
            key={item.at}
            item={numberedOf(item)}
            href={hrefOf(item.at)}
            isLooked={item.at === at && at > 0}
          />
        ))}
      </ol>
      <Pager
        what="events"
        from={from}
        shown={items.length}
        total={total}
        step={pageEvents}
        hrefOf={hrefOf}
      />
    </>
  );
}
