import { runs } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useEffect } from 'react';
import { Empty, Loading } from '../../ui/note.tsx';
import { useMay } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { openRunLog } from './opened.ts';

/** Opens the log of a run of this server, for whoever may read all of it. */
export function RunOpener({ run }: { readonly run: Id<'run'> }) {
  const may = useMay();
  if (may(runs.runLog)) return <Opening run={run} />;
  return <Empty>This link leads to a log on this server. Sign in as who may read it.</Empty>;
}

function Opening({ run }: { readonly run: Id<'run'> }) {
  const read = useLoad(runs.run, { params: { run } });
  return (
    <Show what="the run" {...read}>
      {({ state, logBytes }) =>
        state === 'taken-in' && logBytes !== null ? (
          <OpenNow run={run} size={logBytes} />
        ) : (
          <Empty>Its log is not here, or not for you.</Empty>
        )
      }
    </Show>
  );
}

function OpenNow({ run, size }: Parameters<typeof openRunLog>[0]) {
  useEffect(() => void openRunLog({ run, size }), [run, size]);
  return <Loading what="the log" />;
}
