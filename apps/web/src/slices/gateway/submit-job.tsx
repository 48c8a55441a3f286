import type { JobTemplate, TemplateField } from '@breakwater/contract';
import { gatewayJobs } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { figure } from './figures.ts';

interface SubmitJobProps {
  readonly gkey: Id<'gkey'>;
  readonly template: JobTemplate;
  readonly onDone: () => void;
}

/** Hands in what a template names; only its result comes back. */
export function SubmitJob({ gkey, template, onDone }: SubmitJobProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(gatewayJobs.submitJob);
  const [inputs, setInputs] = useState<Readonly<Record<string, string>>>({});
  const given = (field: TemplateField) => inputs[field.name] ?? '';
  return (
    <Dialog open onClose={onDone} wide title={template.name} lede={<q>{template.purpose}</q>}>
      <ActForm
        label="Hand it in"
        busy={busy}
        problem={problem}
        reason={
          template.fields.some((field) => given(field) === '') ? 'Fill in every field first.' : null
        }
        onSubmit={() =>
          act({ params: { gkey }, body: { template: template.id, inputs } }, () => {
            say('Handed in. Its result comes here.');
            onDone();
          })
        }
      >
        {template.fields.map((field) => (
          <TextArea
            key={field.name}
            label={field.about}
            hint={`At most ${figure(field.charsMax)} characters.`}
            value={given(field)}
            onChange={(value) => setInputs({ ...inputs, [field.name]: value })}
            maxLength={field.charsMax}
            rows={6}
            exact
          />
        ))}
      </ActForm>
    </Dialog>
  );
}
