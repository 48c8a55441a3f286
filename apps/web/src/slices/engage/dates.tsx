import type { DatesStatement, Engagement } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { fullMoment } from '../../ui/time.ts';
import { useSay } from '../../ui/toast.tsx';
import { instantOf, localOf, MomentField } from '../deconflict/moment-field.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, usePages } from '../session/server.ts';

interface DatesProps {
  readonly engagement: Engagement;
  /** The reader is the developer, and has not left. */
  readonly canState: boolean;
}

/** Every statement of dates, the newest first, on the clocks of the developer's zone. */
export function Dates({ engagement, canState }: DatesProps) {
  const { id, zone } = engagement;
  const [stating, setStating] = useState(false);
  const pages = usePages([engage.dates.id, id], (client, after) =>
    client.call(engage.dates, {
      params: { engagement: id },
      query: after === undefined ? {} : { after },
    }),
  );
  return (
    <>
      <Show what="the dates" {...pages}>
        {(items) =>
          items.length === 0 ? (
            <Empty>No date was stated. None has to be.</Empty>
          ) : (
            <Table
              caption="Dates as stated"
              columns={columnsOf(zone)}
              rows={items}
              keyOf={({ statedAt }) => statedAt}
            />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
      {canState ? (
        <div className="mt-3">
          <Buttons>
            <Button onPress={() => setStating(true)}>State dates</Button>
          </Buttons>
        </div>
      ) : null}
      {stating ? <StateDates engagement={engagement} onDone={() => setStating(false)} /> : null}
    </>
  );
}

function columnsOf(zone: string): readonly Column<DatesStatement>[] {
  return [
    { key: 'stated', head: 'Stated', cell: ({ statedAt }) => <Ago at={statedAt} /> },
    {
      key: 'partners',
      head: 'To other trusted partners',
      cell: ({ partners }) => <Planned at={partners} zone={zone} />,
    },
    {
      key: 'general',
      head: 'To everybody',
      cell: ({ general }) => <Planned at={general} zone={zone} />,
    },
  ];
}

interface PlannedProps {
  readonly at: string | null;
  readonly zone: string;
}

function Planned({ at, zone }: PlannedProps) {
  if (at === null) return <span className="faint">not stated</span>;
  return (
    <time dateTime={at} className="num">
      {fullMoment(at, zone)}
    </time>
  );
}

interface StateDatesProps {
  readonly engagement: Engagement;
  readonly onDone: () => void;
}

function StateDates({ engagement, onDone }: StateDatesProps) {
  const { id, zone, dates } = engagement;
  const say = useSay();
  const { act, busy, problem } = useAct(engage.stateDates);
  const fieldOf = (at: string | null | undefined) => (at ? localOf(at, zone) : '');
  const [partners, setPartners] = useState(fieldOf(dates?.partners));
  const [general, setGeneral] = useState(fieldOf(dates?.general));
  const isWrong = [partners, general].some(
    (field) => field !== '' && instantOf(field, zone) === null,
  );
  return (
    <Dialog
      open
      onClose={onDone}
      title="State your dates"
      lede="Your own word; nobody else has a say in it. A window that is open keeps its end, or ends earlier."
    >
      <ActForm
        label="State them"
        busy={busy}
        problem={problem}
        reason={isWrong ? 'Give an hour that there is.' : null}
        onSubmit={() =>
          act(
            {
              params: { engagement: id },
              body: { partners: instantOf(partners, zone), general: instantOf(general, zone) },
            },
            () => {
              say('Stated.');
              onDone();
            },
          )
        }
      >
        <MomentField
          label="To other trusted partners"
          hint={`Early access of the Government ends then at the latest. As the clocks in ${zone} show it; empty: not stated.`}
          value={partners}
          zone={zone}
          onChange={setPartners}
        />
        <MomentField
          label="To everybody"
          hint="Empty: not stated."
          value={general}
          zone={zone}
          onChange={setGeneral}
        />
      </ActForm>
    </Dialog>
  );
}
