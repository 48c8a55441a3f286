import { claims, type Wait } from '@breakwater/contract';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Ago } from '../../../ui/moment.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Table } from '../../../ui/table.tsx';
import { useSay } from '../../../ui/toast.tsx';
import { Show } from '../../session/problem-note.tsx';
import { useAct, usePages } from '../../session/server.ts';
import { Targets } from '../scope-shown.tsx';
import { scopeWords, targetsOf } from '../scope-words.ts';
import { MorePages } from './more-pages.tsx';
import { WithReason } from './with-reason.tsx';

const columns: readonly Column<Wait>[] = [
  { key: 'who', head: 'Who', cell: ({ party }) => party?.name ?? '' },
  { key: 'where', head: 'For', cell: ({ scope }) => <Targets targets={targetsOf(scope)} /> },
  { key: 'what', head: 'What', cell: ({ scope }) => scopeWords(scope) },
  { key: 'since', head: 'Since', cell: ({ since }) => <Ago at={since} brief /> },
  { key: 'gives-up', head: 'Ends', cell: ({ giveUpAt }) => <Ago at={giveUpAt} brief /> },
  { key: 'act', head: 'Act', cell: (wait) => <End wait={wait} /> },
];

/** Everybody who stands in line, who came last first. */
export function Lines() {
  const pages = usePages([claims.watchWaits.id], (client, after) =>
    client.call(claims.watchWaits, { query: after === undefined ? {} : { after } }),
  );
  return (
    <>
      <Show what="who stands in line" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="Nobody stands in line">
              <p>Whoever waits for what another holds stands here until it is granted.</p>
            </EmptyState>
          ) : (
            <Table
              caption="Who stands in line"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
            />
          )
        }
      </Show>
      <MorePages more={pages.more} />
    </>
  );
}

function End({ wait }: { readonly wait: Wait }) {
  const say = useSay();
  const { act, busy, problem } = useAct(claims.endWait);
  return (
    <WithReason
      act="End it"
      name={`End it: the place of ${wait.party?.name ?? 'somebody'}`}
      title="End this place in line?"
      lede="What it waited for goes to whoever comes next. Whoever stood there is told, with your reason; so is the record."
      busy={busy}
      problem={problem}
      onSend={(reason, done) =>
        act({ params: { wait: wait.id }, body: { reason } }, () => {
          say('The place in line is ended.');
          done();
        })
      }
    />
  );
}
