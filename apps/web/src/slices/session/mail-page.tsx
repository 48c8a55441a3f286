import type { Frequency, Output, Tiding } from '@breakwater/contract';
import { frequencies, notify } from '@breakwater/contract';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Check, Select, TimeField } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { zoneNames } from '../../ui/time.ts';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from './act-form.tsx';
import { Show } from './problem-note.tsx';
import type { Screen } from './screen.ts';
import { begin, useAct, useLoad } from './server.ts';

export const screen: Screen = {
  load: (reader) => begin(reader, notify.preferences),
  Page: MailPage,
};

type Preferences = Output<typeof notify.preferences>;

const frequencyWords = {
  immediately: 'at once',
  daily: 'once a day, together',
  weekly: 'once a week, together',
  never: 'never',
} as const satisfies Record<Frequency, string>;

const asked: readonly (readonly [Tiding, string, string])[] = [
  ['case', 'A case needs you, or has moved', 'Such as: it was handed to you, or its hour was set.'],
  ['notice', 'Something you run is affected', 'A card is waiting for you.'],
  ['message', 'Somebody wrote in a case', 'In a case room you take part in.'],
];

const days: readonly (readonly [string, string])[] = [
  ['1', 'Monday'],
  ['2', 'Tuesday'],
  ['3', 'Wednesday'],
  ['4', 'Thursday'],
  ['5', 'Friday'],
  ['6', 'Saturday'],
  ['7', 'Sunday'],
];

/** When and of what one is told by mail. */
function MailPage() {
  const preferences = useLoad(notify.preferences, {});
  return (
    <Page
      title="Mail"
      lede="A mail says only that there is something new, and links here. It never holds anything confidential."
      width="narrow"
    >
      <Show what="your choices" {...preferences}>
        {(before) => <Choices before={before} />}
      </Show>
    </Page>
  );
}

function Choices({ before }: { readonly before: Preferences }) {
  const say = useSay();
  const { act, busy, problem } = useAct(notify.setPreferences);
  const { reachable, ...rest } = before;
  const [chosen, setChosen] = useState(rest);
  const set = (change: Partial<typeof rest>): void => setChosen({ ...chosen, ...change });
  const { quiet } = chosen;
  const digests = asked.some(([name]) => ['daily', 'weekly'].includes(chosen[name]));
  return (
    <ActForm
      label="Save"
      busy={busy}
      problem={problem}
      onSubmit={() => act({ body: chosen }, () => say('Saved.'))}
    >
      {reachable ? null : (
        <Note tone="warn" title="No mail reaches you">
          <p className="small">
            You gave no address, or this installation sends no mail. Your address stands in{' '}
            <a href={pathOf('account')}>your account</a>. What you choose here is kept until then.
          </p>
        </Note>
      )}
      {asked.map(([name, label, hint]) => (
        <Select
          key={name}
          label={label}
          hint={hint}
          value={chosen[name]}
          onChange={(value) => set({ [name]: frequencies.find((one) => one === value) })}
          choices={frequencies.map((one) => [one, frequencyWords[one]] as const)}
        />
      ))}
      {digests ? (
        <>
          <TimeField
            label="Digests go out at"
            value={chosen.digestAt}
            onChange={(digestAt) => set({ digestAt })}
          />
          <Select
            label="Weekly digests on"
            value={String(chosen.digestDay)}
            onChange={(day) => set({ digestDay: Number(day) })}
            choices={days}
          />
        </>
      ) : null}
      <Check
        label="Quiet hours"
        more="No mail in between; what comes then waits."
        checked={quiet !== null}
        onChange={(on) => set({ quiet: on ? { from: '20:00', until: '08:00' } : null })}
      />
      {quiet === null ? null : (
        <div className="flex gap-4">
          <TimeField
            label="From"
            value={quiet.from}
            onChange={(from) => set({ quiet: { ...quiet, from } })}
          />
          <TimeField
            label="Until"
            value={quiet.until}
            onChange={(until) => set({ quiet: { ...quiet, until } })}
          />
        </div>
      )}
      <Select
        label="Clock"
        hint="The zone whose clock all hours above are read on."
        value={chosen.zone}
        onChange={(zone) => set({ zone })}
        choices={[...new Set([chosen.zone, ...zoneNames()])].map((zone) => [zone, zone] as const)}
      />
    </ActForm>
  );
}
