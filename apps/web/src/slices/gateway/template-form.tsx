import { gatewayJobs } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Select, TextArea, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { wholeOf } from './upstream-draft.ts';

interface FieldDraft {
  /** What the field is called where instructions and jobs name it. */
  readonly name: string;
  readonly about: string;
  readonly charsMax: string;
}

const blankField = (name: string): FieldDraft => ({ name, about: '', charsMax: '100000' });

interface TemplateFormProps {
  readonly scopes: readonly (readonly [scope: string, label: string])[];
  readonly onDone: () => void;
}

/** States what is run, and what a partner hands in for it. */
export function TemplateForm({ scopes, onDone }: TemplateFormProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(gatewayJobs.stateTemplate);
  const [scope, setScope] = useState('');
  const [said, setSaid] = useState({ name: '', purpose: '', instructions: '', tokens: '4096' });
  const [fields, setFields] = useState<readonly FieldDraft[]>([blankField('field-1')]);
  const set = (key: keyof typeof said) => (value: string) => setSaid({ ...said, [key]: value });
  const params = gatewayJobs.stateTemplate.params.safeParse({ scope });
  const body = gatewayJobs.stateTemplate.body.safeParse({
    name: said.name,
    purpose: said.purpose,
    instructions: said.instructions,
    outputTokensMax: wholeOf(said.tokens),
    fields: fields.map((field) => ({ ...field, charsMax: wholeOf(field.charsMax) })),
  });
  return (
    <ActForm
      label="State it"
      busy={busy}
      problem={problem}
      reason={params.success && body.success ? null : 'Fill in what is missing first.'}
      onSubmit={() => {
        if (!params.success || !body.success) return;
        act({ params: params.data, body: body.data }, () => {
          say('Stated.');
          onDone();
        });
      }}
    >
      <Select
        label="For which window or tier"
        value={scope}
        onChange={setScope}
        choices={[['', 'Choose'], ...scopes]}
      />
      <TextField
        label="Name"
        hint="Such as: explain an alert."
        value={said.name}
        onChange={set('name')}
      />
      <TextArea label="What it is for" value={said.purpose} onChange={set('purpose')} rows={2} />
      <TextArea
        label="Instructions"
        hint="What the model is told; what partners hand in follows as data."
        value={said.instructions}
        onChange={set('instructions')}
        rows={6}
      />
      <Fields fields={fields} onChange={setFields} />
      <TextField
        label="Tokens of the result at most"
        value={said.tokens}
        onChange={set('tokens')}
        exact
      />
    </ActForm>
  );
}

interface FieldsProps {
  readonly fields: readonly FieldDraft[];
  readonly onChange: (fields: readonly FieldDraft[]) => void;
}

function Fields({ fields, onChange }: FieldsProps) {
  const put = (name: string, part: Partial<FieldDraft>) =>
    onChange(fields.map((each) => (each.name === name ? { ...each, ...part } : each)));
  const another = blankField(`field-${fields.length + 1}`);
  return (
    <fieldset className="field">
      <legend>What a partner hands in</legend>
      {fields.map(({ name, about, charsMax }) => (
        <fieldset key={name} className="field quota-fields">
          <legend className="small soft">
            <code>{name}</code>
          </legend>
          <TextField
            label="What to give"
            hint="Such as: the alert as your system shows it."
            value={about}
            onChange={(text) => put(name, { about: text })}
          />
          <TextField
            label="Characters at most"
            hint="A whole number."
            value={charsMax}
            onChange={(text) => put(name, { charsMax: text })}
            exact
          />
        </fieldset>
      ))}
      <Buttons>
        <Button onPress={() => onChange([...fields, another])}>One more field</Button>
        {fields.length > 1 ? (
          <Button onPress={() => onChange(fields.slice(0, -1))}>One field less</Button>
        ) : null}
      </Buttons>
    </fieldset>
  );
}
