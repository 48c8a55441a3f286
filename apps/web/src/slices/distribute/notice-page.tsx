import { distribute } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import { pathOf } from '../../app/paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { NoticeCard } from './notice-card.tsx';

export const screen: Screen = {
  load: (reader, { params }) => {
    const notice = idIn(params);
    if (notice !== null) begin(reader, distribute.notice, { params: { notice } });
  },
  Page: NoticePage,
};

function idIn(params: Readonly<Record<string, string>>): Id<'notice'> | null {
  return parseId('notice', params['notice'] ?? '');
}

/** One card: everything there is to do about one thing, on one sheet of paper. */
function NoticePage({ params }: Address) {
  const notice = idIn(params);
  return (
    <Page title="What to do" width="narrow">
      {notice === null ? (
        <EmptyState title="There is no such card">
          <p>The address may have been cut short.</p>
        </EmptyState>
      ) : (
        <One notice={notice} />
      )}
      <p className="small no-print mt-3">
        <a href={pathOf('notices')}>All that is to do</a>
      </p>
    </Page>
  );
}

function One({ notice }: { readonly notice: Id<'notice'> }) {
  const { loaded, reload } = useLoad(distribute.notice, { params: { notice } });
  return (
    <Show what="the card" loaded={loaded} reload={reload}>
      {(data) => <NoticeCard notice={data} onReceipt={reload} />}
    </Show>
  );
}
