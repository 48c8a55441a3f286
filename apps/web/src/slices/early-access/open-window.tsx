import type { Engagement, Plan } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { dayAndHour, fullMoment } from '../../ui/time.ts';
import { useSay } from '../../ui/toast.tsx';
import { instantOf, MomentField } from '../deconflict/moment-field.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct, useLoad } from '../session/server.ts';

interface OpenWindowProps {
  readonly engagement: Engagement;
  /** The newest first. */
  readonly plans: readonly Plan[];
  readonly onDone: () => void;
}

/** Opens a window for a plan; left as it is, it begins now and ends as late as it can. */
export function OpenWindow({ engagement, plans, onDone }: OpenWindowProps) {
  const { id, zone, dates } = engagement;
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.openWindow);
  const { loaded } = useLoad(earlyAccess.days, { params: { engagement: id } });
  const [plan, setPlan] = useState<string>(plans[0]?.id ?? '');
  const [begins, setBegins] = useState('');
  const [ends, setEnds] = useState('');
  const chosen = plans.find((each) => each.id === plan);
  const [from, until] = [instantOf(begins, zone), instantOf(ends, zone)];
  const isWrong = (begins !== '' && from === null) || (ends !== '' && until === null);
  const latest = loaded.state === 'ready' ? loaded.data.latestEnd : null;
  function send(): void {
    if (chosen === undefined) return;
    const body = {
      plan: chosen.id,
      ...(from === null ? {} : { begins: from }),
      ...(until === null ? {} : { ends: until }),
    };
    act({ params: { engagement: id }, body }, (opened) => {
      say(`Open until ${fullMoment(opened.ends, zone)}.`);
      onDone();
    });
  }
  return (
    <Dialog
      open
      onClose={onDone}
      title="Open a window"
      lede="By itself it lets nobody in: each person is added by name, and accepts all six protections."
    >
      <ActForm
        label="Open it"
        busy={busy}
        problem={problem}
        reason={isWrong ? 'Give an hour that there is.' : null}
        onSubmit={send}
      >
        {plans.length > 1 ? (
          <Select
            label="For which plan?"
            value={plan}
            onChange={setPlan}
            choices={plans.map((each) => [
              each.id,
              `stated ${dayAndHour(each.statedAt, localZone())}`,
            ])}
          />
        ) : null}
        <MomentField
          label="From"
          hint={`As the clocks in ${zone} show it; empty: from now.`}
          value={begins}
          zone={zone}
          onChange={setBegins}
        />
        <MomentField
          label="Until"
          hint={`Empty: as late as it can be${latest === null ? '' : `, begun now: ${fullMoment(latest, zone)}`}.`}
          value={ends}
          zone={zone}
          onChange={setEnds}
        />
        {dates === null || dates.partners === null ? null : (
          <p className="small soft">
            At the latest it ends at your date for other trusted partners:{' '}
            {fullMoment(dates.partners, zone)}.
          </p>
        )}
      </ActForm>
    </Dialog>
  );
}
