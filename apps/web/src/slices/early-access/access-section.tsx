import type { AccessWindow, Engagement, Plan } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Time } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { fullMoment } from '../../ui/time.ts';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { AccessClock } from './access-clock.tsx';
import { isOver } from './days.ts';
import { EndNow } from './end-now.tsx';
import { OpenWindow } from './open-window.tsx';
import { PlanShown } from './plan-shown.tsx';
import { StatePlan } from './state-plan.tsx';
import { becauseWords } from './words.ts';

/** Early access as it stands in an engagement: the clock, the plan, the windows. */
export function AccessSection({ engagement }: { readonly engagement: Engagement }) {
  const { id, side, leftAt, releasedAt } = engagement;
  const [open, setOpen] = useState<'plan' | 'window' | null>(null);
  const plans = useLoad(earlyAccess.plans, { params: { engagement: id } });
  const windows = useLoad(earlyAccess.windows, { query: { engagement: id } });
  const isEnded = leftAt !== null || releasedAt !== null;
  const shown = windows.loaded.state === 'ready' ? windows.loaded.data.items : [];
  const current = shown.find((window) => !isOver(window));
  const stated = plans.loaded.state === 'ready' ? plans.loaded.data.items : [];
  const done = () => setOpen(null);
  return (
    <Section
      id="access"
      title="Early access"
      lede="A window ends by itself, at most thirty calendar days in all. Its developer ends it sooner at any moment; nothing makes it longer."
    >
      <div className="access-top">
        <AccessClock engagement={id} window={current} />
        {current !== undefined && side === 'developer' ? (
          <EndNow id={current.id} endedAt={current.endedAt} />
        ) : null}
      </div>
      <Show what="the windows" {...windows}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No window was opened. Zero days are as good as thirty.</Empty>
          ) : (
            <Table caption="Windows" columns={columns} rows={items} keyOf={({ id: key }) => key} />
          )
        }
      </Show>
      <Show what="the plan" {...plans}>
        {({ items }) => <Newest plans={items} />}
      </Show>
      {isEnded || side === null ? null : (
        <div className="mt-4">
          <Buttons>
            {side === 'developer' ? (
              <Button
                onPress={() => setOpen('window')}
                reason={stated.length === 0 ? 'The Government states its plan first.' : null}
              >
                Open a window
              </Button>
            ) : (
              <Button onPress={() => setOpen('plan')}>State a plan</Button>
            )}
          </Buttons>
        </div>
      )}
      {open === 'plan' ? <StatePlan engagement={id} onDone={done} /> : null}
      {open === 'window' ? (
        <OpenWindow engagement={engagement} plans={stated} onDone={done} />
      ) : null}
    </Section>
  );
}

function Newest({ plans: [newest, ...others] }: { readonly plans: readonly Plan[] }) {
  if (newest === undefined) return <Empty>The Government has stated no plan.</Empty>;
  return (
    <>
      <PlanShown plan={newest} />
      {others.length === 0 ? null : (
        <details className="fold">
          <summary>Plans stated before</summary>
          {others.map((plan) => (
            <PlanShown key={plan.id} plan={plan} />
          ))}
        </details>
      )}
    </>
  );
}

const columns: readonly Column<AccessWindow>[] = [
  {
    key: 'window',
    head: 'Window',
    cell: ({ id, open, ...window }) => (
      <a href={pathTo('window', { window: id })}>
        {open ? 'Open now' : isOver(window) ? 'Over' : 'Not begun'}
      </a>
    ),
  },
  { key: 'begins', head: 'Begins', cell: ({ begins }) => <Time at={begins} /> },
  {
    key: 'ends',
    head: 'Ends',
    cell: ({ ends, endedAt, zone, because }) =>
      endedAt === null ? (
        <>
          {fullMoment(ends, zone)}, {becauseWords[because]}
        </>
      ) : (
        <>{fullMoment(endedAt, zone)}, by the developer</>
      ),
  },
  { key: 'days', head: 'Days', figure: true, cell: ({ days }) => days.length },
];
