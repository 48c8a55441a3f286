import { gatewayJobs } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Check, Select, TextArea, TextField } from '../../ui/field.tsx';
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

interface FilesDraft {
  readonly about: string;
  readonly charsMax: string;
  readonly callsMax: string;
  /** As they are written, with commas or spaces between. */
  readonly endings: string;
}

const blankFiles: FilesDraft = {
  about: 'The repository, as an archive',
  charsMax: '200000',
  callsMax: '10',
  endings: '',
};

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
  const [files, setFiles] = useState<FilesDraft | null>(null);
  const set = (key: keyof typeof said) => (value: string) => setSaid({ ...said, [key]: value });
  const params = gatewayJobs.stateTemplate.params.safeParse({ scope });
  const body = gatewayJobs.stateTemplate.body.safeParse({
    name: said.name,
    purpose: said.purpose,
    instructions: said.instructions,
    outputTokensMax: wholeOf(said.tokens),
    fields: fields.map((field) => ({ ...field, charsMax: wholeOf(field.charsMax) })),
    ...(files === null ? {} : { repository: repositoryOf(files) }),
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
      <Fields fields={fields} hasOther={files !== null} onChange={setFields} />
      <Files files={files} onChange={setFiles} />
      <TextField
        label={files === null ? 'Tokens of the result at most' : 'Tokens of each result at most'}
        value={said.tokens}
        onChange={set('tokens')}
        exact
      />
    </ActForm>
  );
}

function repositoryOf({ about, charsMax, callsMax, endings }: FilesDraft) {
  return {
    about,
    charsMax: wholeOf(charsMax),
    callsMax: wholeOf(callsMax),
    endings: endings.split(/[\s,]+/).filter((each) => each !== ''),
  };
}

interface FieldsProps {
  /** Something is handed in beside them: there may be none. */
  readonly hasOther: boolean;
  readonly fields: readonly FieldDraft[];
  readonly onChange: (fields: readonly FieldDraft[]) => void;
}

function Fields({ fields, hasOther, onChange }: FieldsProps) {
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
        {fields.length > (hasOther ? 0 : 1) ? (
          <Button onPress={() => onChange(fields.slice(0, -1))}>One field less</Button>
        ) : null}
      </Buttons>
    </fieldset>
  );
}

interface FilesProps {
  readonly files: FilesDraft | null;
  readonly onChange: (files: FilesDraft | null) => void;
}

/** Whether a repository is read, and how much of it. */
function Files({ files, onChange }: FilesProps) {
  const put = (key: keyof FilesDraft) => (value: string) =>
    files !== null && onChange({ ...files, [key]: value });
  return (
    <fieldset className="field">
      <legend>A repository</legend>
      <Check
        label="Read the files of a repository"
        checked={files !== null}
        onChange={(on) => onChange(on ? blankFiles : null)}
      />
      {files === null ? null : (
        <fieldset className="field quota-fields">
          <legend className="small soft">
            <code>repository</code>
          </legend>
          <TextField
            label="What archive to give"
            hint="Such as: the source of your service, as an archive."
            value={files.about}
            onChange={put('about')}
          />
          <TextField
            label="Files to read"
            hint="How their names end, such as: .c .h Makefile. Empty: every text."
            value={files.endings}
            onChange={put('endings')}
            exact
          />
          <TextField
            label="Characters of one call at most"
            hint="1,000 to 1,000,000. A longer repository is read in parts."
            value={files.charsMax}
            onChange={put('charsMax')}
            exact
          />
          <TextField
            label="Calls at most"
            hint="1 to 20. Each is metered, and gives a result."
            value={files.callsMax}
            onChange={put('callsMax')}
            exact
          />
        </fieldset>
      )}
    </fieldset>
  );
}
