import type { JobTemplate, TemplateField, TemplateRepository } from '@breakwater/contract';
import { archiveBytesMax, gatewayJobs } from '@breakwater/contract';
import { type Id, toBase64 } from '@breakwater/kernel';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { FileDrop, type GivenFile } from '../../ui/file-drop.tsx';
import { sizeWords } from '../../ui/size.ts';
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
  const [archive, setArchive] = useState<GivenFile | null>(null);
  const { repository } = template;
  const given = (field: TemplateField) => inputs[field.name] ?? '';
  const isWhole = template.fields.every((field) => given(field) !== '');
  const stops = isWhole ? null : 'Fill in every field first.';
  return (
    <Dialog open onClose={onDone} wide title={template.name} lede={<q>{template.purpose}</q>}>
      <ActForm
        label="Hand it in"
        busy={busy}
        problem={problem}
        reason={repository !== undefined && archive === null ? 'Give the archive first.' : stops}
        onSubmit={() => {
          const files = archive === null ? {} : { repository: toBase64(archive.bytes) };
          act({ params: { gkey }, body: { template: template.id, inputs, ...files } }, () => {
            say('Handed in. Its result comes here.');
            onDone();
          });
        }}
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
        {repository === undefined ? null : (
          <FileDrop
            label={archive === null ? repository.about : `${archive.name}, or another instead`}
            hint={<Hint {...repository} given={archive} />}
            onFile={setArchive}
            bytesMax={archiveBytesMax}
            accept=".zip,.tar,.gz,.tgz"
          />
        )}
      </ActForm>
    </Dialog>
  );
}

interface HintProps extends TemplateRepository {
  readonly given: GivenFile | null;
}

/** What is read of an archive, before it is given. */
function Hint({ charsMax, callsMax, endings, given }: HintProps) {
  return (
    <>
      {given === null ? null : <p>{sizeWords(given.size)} chosen.</p>}
      <p>
        A zip, tar or tar.gz of its files, such as <code>git archive</code> makes.{' '}
        {endings.length === 0
          ? 'Every text in it is read'
          : `Files are read that end in ${endings.join(', ')}`}
        : at most {figure(charsMax * callsMax)} characters, in up to {figure(callsMax)} calls, each
        of them metered.
      </p>
    </>
  );
}
