import { designate, engage } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useGo } from '../session/go.ts';
import { useAct, useLoad } from '../session/server.ts';
import { RuleField } from './rule-field.tsx';

/** Opens the file on an engagement. */
export function OpenFile({ onDone }: { readonly onDone: () => void }) {
  const go = useGo();
  const { act, busy, problem } = useAct(designate.openFile);
  const engagements = useLoad(engage.list, { query: { limit: 200 } });
  const [about, setAbout] = useState('');
  const [rule, setRule] = useState('');
  const engagement = parseId('engagement', about);
  const chosen = parseId('rule', rule);
  const items = engagements.loaded.state === 'ready' ? engagements.loaded.data.items : [];
  return (
    <Dialog
      open
      onClose={onDone}
      title="Open a file"
      lede="On one engagement. The rule can be named now or later, but no run counts that began before it was committed."
    >
      <ActForm
        label="Open it"
        busy={busy}
        problem={problem}
        reason={engagement === null ? 'Choose an engagement first.' : null}
        onSubmit={() => {
          if (engagement === null) return;
          const body = { engagement, seers: [], ...(chosen === null ? {} : { rule: chosen }) };
          act({ body }, ({ file }) => go(pathTo('file', { file })));
        }}
      >
        <Select
          label="On which engagement?"
          value={about}
          onChange={setAbout}
          choices={[
            ['', 'Choose an engagement'],
            ...items
              .filter(({ leftAt }) => leftAt === null)
              .map(
                ({ id, codename, developer }) =>
                  [id, `${codename ?? 'Codename erased'}, ${developer.name}`] as const,
              ),
          ]}
        />
        <RuleField value={rule} onChange={setRule} />
      </ActForm>
    </Dialog>
  );
}
