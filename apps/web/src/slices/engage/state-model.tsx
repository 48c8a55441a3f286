import type { Engagement } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Check, Select, TextArea, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { endpointsOf, endpointText } from './endpoint-lines.ts';

interface StateModelProps {
  readonly engagement: Engagement;
  readonly onDone: () => void;
}

/** States the model anew: only what was changed is sent. */
export function StateModel({ engagement, onDone }: StateModelProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(engage.stateModel);
  const before = {
    codename: engagement.codename ?? '',
    hosting: engagement.hosting ?? '',
    contacts: engagement.contacts ?? '',
    endpoints: endpointText(engagement.endpoints ?? []),
  };
  const [given, setGiven] = useState(before);
  const [openWeight, setOpenWeight] = useState(engagement.openWeight);
  const [earlier, setEarlier] = useState('');
  const endpoints = endpointsOf(given.endpoints);
  const set = (key: keyof typeof before) => (value: string) =>
    setGiven((now) => ({ ...now, [key]: value }));
  const changed = (key: 'codename' | 'hosting' | 'contacts') => {
    const text = given[key].trim();
    return text === before[key] || text === '' ? {} : { [key]: text };
  };
  const sameAs = parseId('model', earlier);
  const body = {
    ...changed('codename'),
    ...changed('hosting'),
    ...changed('contacts'),
    ...(given.endpoints === before.endpoints || endpoints === null ? {} : { endpoints }),
    ...(openWeight === engagement.openWeight ? {} : { openWeight }),
    ...(sameAs === null ? {} : { sameAs }),
  };
  const nothing = Object.keys(body).length === 0 ? 'Change something first.' : null;
  return (
    <Dialog
      open
      onClose={onDone}
      title="State the model anew"
      lede="What you leave stays as it is."
    >
      <ActForm
        label="State it"
        busy={busy}
        problem={problem}
        reason={endpoints === null ? 'An endpoint has another form.' : nothing}
        onSubmit={() =>
          act({ params: { engagement: engagement.id }, body }, () => {
            say('Stated.');
            onDone();
          })
        }
      >
        <TextField
          label="Codename"
          value={given.codename}
          onChange={set('codename')}
          maxLength={300}
        />
        <TextField
          label="Where it is hosted"
          value={given.hosting}
          onChange={set('hosting')}
          maxLength={300}
        />
        <TextArea
          label="Contacts"
          hint="Whom to reach, and how; one to a line."
          value={given.contacts}
          onChange={set('contacts')}
          rows={3}
          maxLength={4_000}
        />
        <TextArea
          label="Where it answers"
          hint="One to a line: the name it has there, then the address. Only those you let see everything read it."
          value={given.endpoints}
          onChange={set('endpoints')}
          rows={2}
          exact
        />
        <Check label="Its weights will be open" checked={openWeight} onChange={setOpenWeight} />
        <SameAs own={engagement.model} value={earlier} onChange={setEarlier} />
      </ActForm>
    </Dialog>
  );
}

interface SameAsProps {
  readonly own: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Asked only where there is another model it could be. */
function SameAs({ own, value, onChange }: SameAsProps) {
  const { loaded } = useLoad(engage.models, {});
  const others = loaded.state === 'ready' ? loaded.data.items.filter(({ id }) => id !== own) : [];
  if (others.length === 0) return null;
  return (
    <Select
      label="Is it an earlier model of yours?"
      hint="From then on the two are one, and the days that both used count together. It cannot be undone."
      value={value}
      onChange={onChange}
      choices={[
        ['', 'No'],
        ...others.map(
          ({ id, codenames }) => [id, codenames.join(', ') || 'Codename erased'] as const,
        ),
      ]}
    />
  );
}
