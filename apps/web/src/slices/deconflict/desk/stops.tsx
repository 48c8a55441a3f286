import type { Stop } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { useState } from 'react';
import { Badge } from '../../../ui/badge.tsx';
import { Button, Buttons } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextArea } from '../../../ui/field.tsx';
import { Ago } from '../../../ui/moment.tsx';
import { Quote } from '../../../ui/quote.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Table } from '../../../ui/table.tsx';
import { useSay } from '../../../ui/toast.tsx';
import { ActForm } from '../../session/act-form.tsx';
import { Show } from '../../session/problem-note.tsx';
import { useAct, usePages } from '../../session/server.ts';
import { endedWords, Lift } from '../stop-switch.tsx';
import { readTarget, TargetField } from '../target-field.tsx';
import { MorePages } from './more-pages.tsx';

const columns: readonly Column<Stop>[] = [
  { key: 'target', head: 'Target', cell: ({ target }) => <code>{target}</code> },
  {
    key: 'state',
    head: 'State',
    cell: ({ liftedAt }) =>
      liftedAt === null ? <Badge tone="fired">Stopped</Badge> : <Badge>Lifted</Badge>,
  },
  { key: 'by', head: 'By', cell: ({ by }) => by.name },
  { key: 'at', head: 'When', cell: ({ at }) => <Ago at={at} brief /> },
  {
    key: 'why',
    head: 'Why',
    cell: ({ reason, liftReason }) => (
      <>
        {reason === null ? <span className="faint">not said</span> : <Quote text={reason} />}
        {liftReason === null ? null : (
          <span className="under">
            lifted: <Quote text={liftReason} />
          </span>
        )}
      </>
    ),
  },
  { key: 'ended', head: 'Ended', cell: (stop) => endedWords(stop) },
  { key: 'act', head: 'Act', cell: (stop) => <LiftButton stop={stop} /> },
];

/** Every press of a stop switch, and one of the coordinator's own. */
export function Stops() {
  const [stopping, setStopping] = useState(false);
  const pages = usePages([authorizations.stops.id], (client, after) =>
    client.call(authorizations.stops, { query: after === undefined ? {} : { after } }),
  );
  return (
    <>
      <Show what="stops" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="soft small mb-4">Nothing was ever stopped.</p>
          ) : (
            <Table caption="Stops" columns={columns} rows={rows} keyOf={({ id }) => id} />
          )
        }
      </Show>
      <MorePages more={pages.more} />
      <Buttons>
        <Button kind="danger" onPress={() => setStopping(true)}>
          Stop a target
        </Button>
      </Buttons>
      {stopping ? (
        <Dialog
          open
          onClose={() => setStopping(false)}
          title="Stop a target"
          lede="For an emergency in which its owner cannot press its own switch. Every claim and campaign on it ends at once, and nobody can begin there."
        >
          <StopForm onDone={() => setStopping(false)} />
        </Dialog>
      ) : null}
    </>
  );
}

function LiftButton({ stop }: { readonly stop: Stop }) {
  const [lifting, setLifting] = useState(false);
  if (stop.liftedAt !== null) return <span className="faint">none</span>;
  return (
    <>
      <Button
        kind="quiet"
        label={`Lift the stop of ${stop.target}`}
        onPress={() => setLifting(true)}
      >
        Lift
      </Button>
      {lifting ? <Lift stop={stop} onDone={() => setLifting(false)} /> : null}
    </>
  );
}

function StopForm({ onDone }: { readonly onDone: () => void }) {
  const say = useSay();
  const { act, busy, problem } = useAct(authorizations.stop);
  const [target, setTarget] = useState('');
  const [reason, setReason] = useState('');
  const read = readTarget(target);
  return (
    <ActForm
      label="Stop it now"
      busy={busy}
      problem={problem}
      danger
      reason={
        read.state !== 'read'
          ? 'Name the target first.'
          : reason.trim().length < 3
            ? 'Say why first.'
            : null
      }
      onSubmit={() => {
        if (read.state !== 'read') return;
        act({ body: { target: read.text, reason: reason.trim() } }, (stop) => {
          say(`Stopped. ${endedWords(stop)}`);
          onDone();
        });
      }}
    >
      <TargetField label="What" value={target} onChange={setTarget} />
      <TextArea label="Why" value={reason} onChange={setReason} rows={3} maxLength={4_000} />
    </ActForm>
  );
}
