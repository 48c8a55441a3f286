import { type EngagementWant, engage, engagementWants } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Check, Radios, Select, TextField } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { ZoneField } from '../deconflict/moment-field.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useGo } from '../session/go.ts';
import type { Screen } from '../session/screen.ts';
import { begin, useAct, useLoad } from '../session/server.ts';
import { wantWords } from './words.ts';

export const screen: Screen = {
  load: (reader) => {
    begin(reader, engage.liaisons);
    begin(reader, engage.models);
  },
  Page: OpenPage,
};

/** Opens an engagement: a codename suffices, all the rest can come later. */
function OpenPage() {
  return (
    <Page
      title="Open an engagement"
      lede={
        <>
          A codename suffices; the rest can come later.{' '}
          <a href={pathOf('beforeYouJoin')}>What to know before you join</a>
        </>
      }
      width="narrow"
    >
      <OpenForm />
    </Page>
  );
}

function OpenForm() {
  const go = useGo();
  const { act, busy, problem } = useAct(engage.open);
  const [codename, setCodename] = useState('');
  const [wants, setWants] = useState<EngagementWant>('both');
  const [zone, setZone] = useState(localZone());
  const [openWeight, setOpenWeight] = useState(false);
  const [model, setModel] = useState('');
  const [government, setGovernment] = useState('');
  const name = codename.trim();
  function send(): void {
    const [earlier, party] = [parseId('model', model), parseId('party', government)];
    const body = {
      codename: name,
      wants,
      zone,
      openWeight,
      endpoints: [],
      seers: [],
      ...(earlier === null ? {} : { model: earlier }),
      ...(party === null ? {} : { government: party }),
    };
    act({ body }, ({ engagement }) => go(pathTo('engagement', { engagement })));
  }
  return (
    <ActForm
      label="Open it"
      busy={busy}
      problem={problem}
      reason={name === '' ? 'Give a codename first.' : null}
      onSubmit={send}
    >
      <TextField
        label="Codename"
        hint="What you call the model here. It may change later."
        value={codename}
        onChange={setCodename}
        maxLength={300}
      />
      <Radios
        legend="What do you ask for?"
        value={wants}
        onChange={(value) => setWants(engagementWants.find((known) => known === value) ?? wants)}
        choices={engagementWants.map((each) => [each, ...wantWords[each]])}
      />
      <ZoneField
        label="Your time zone"
        hint="Calendar days of early access are counted by its midnights."
        value={zone}
        onChange={setZone}
      />
      <EarlierModel value={model} onChange={setModel} />
      <Check
        label="Its weights will be open"
        more="Told as it is. It changes what this installation says of the framework, and nothing else."
        checked={openWeight}
        onChange={setOpenWeight}
      />
      <WithWhom value={government} onChange={setGovernment} />
    </ActForm>
  );
}

interface ChosenProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Asked only where there was a model before. */
function EarlierModel({ value, onChange }: ChosenProps) {
  const { loaded } = useLoad(engage.models, {});
  const models = loaded.state === 'ready' ? loaded.data.items : [];
  if (models.length === 0) return null;
  return (
    <Select
      label="Is it a model you engaged on before?"
      hint="Days of early access that it used stay used, whatever it is called."
      value={value}
      onChange={onChange}
      choices={[
        ['', 'No, it is another'],
        ...models.map(
          ({ id, codenames }) => [id, codenames.join(', ') || 'Codename erased'] as const,
        ),
      ]}
    />
  );
}

/** Asked only where the Government takes part by more than one party. */
function WithWhom({ value, onChange }: ChosenProps) {
  const { loaded } = useLoad(engage.liaisons, {});
  const liaisons = loaded.state === 'ready' ? loaded.data.items : [];
  const [only] = liaisons;
  if (only === undefined) return null;
  if (liaisons.length === 1) {
    return <p className="small soft">It will be seen by your party and by {only.name}.</p>;
  }
  return (
    <Select
      label="With whom?"
      hint="They will see it, and nobody else, unless you name them."
      value={value}
      onChange={onChange}
      choices={[['', 'Choose a party'], ...liaisons.map(({ id, name }) => [id, name] as const)]}
    />
  );
}
