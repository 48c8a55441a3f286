import type { GatewayUpstream } from '@breakwater/contract';
import { chatLimitNames, engage, gateway } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { Radios, Select, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAt } from '../session/begun-at.ts';
import { type DraftPart, useDraft } from '../session/draft.ts';
import { useAct, useLoad } from '../session/server.ts';
import {
  blankUpstream,
  draftOfUpstream,
  type UpstreamDraft,
  upstreamOf,
} from './upstream-draft.ts';

const kinds = [
  ['openai', 'As OpenAI’s', '/v1/chat/completions, /v1/responses, /v1/embeddings.'],
  ['anthropic', 'As Anthropic’s', '/v1/messages, /v1/messages/count_tokens.'],
] as const;

interface UpstreamFormProps {
  /** The one that is put anew; null: another. */
  readonly standing: GatewayUpstream | null;
  readonly onDone: () => void;
}

/** Names an endpoint of a model, or puts one anew. */
export function UpstreamForm({ standing, onDone }: UpstreamFormProps) {
  const say = useSay();
  const add = useAct(gateway.addUpstream);
  const revise = useAct(gateway.reviseUpstream);
  const begun = useBegunAt(standing?.revision ?? null, revise.problem);
  const [model, setModel] = useState<string>(standing?.model ?? '');
  const [draft, change] = useDraft(() =>
    standing === null ? blankUpstream : draftOfUpstream(standing),
  );
  const of = parseId('model', model);
  const wish = upstreamOf(draft);

  function missing(): string | null {
    if (of === null) return 'Choose the model first.';
    if (wish === null) return 'Fill in what is missing, in the form it is asked in.';
    return standing === null && wish.secret === undefined ? 'Give its key first.' : null;
  }

  function send(): void {
    if (of === null || wish === null) return;
    const done = () => {
      say(standing === null ? 'Added.' : 'Changed.');
      onDone();
    };
    const { secret, ...rest } = wish;
    if (standing !== null) {
      const ifRevision = begun ?? standing.revision;
      revise.act({ params: { upstream: standing.id }, body: { ...wish, ifRevision } }, done);
    } else if (secret !== undefined) {
      add.act({ params: { model: of }, body: { ...rest, secret } }, done);
    }
  }

  return (
    <ActForm
      label={standing === null ? 'Add it' : 'Change it'}
      busy={add.busy || revise.busy}
      problem={add.problem ?? revise.problem}
      reason={missing()}
      onSubmit={send}
    >
      {standing === null ? <ModelField value={model} onChange={setModel} /> : null}
      <Fields draft={draft} isNew={standing === null} onChange={change} />
    </ActForm>
  );
}

interface FieldsProps extends DraftPart<UpstreamDraft> {
  readonly isNew: boolean;
}

function Fields({ draft, isNew, onChange }: FieldsProps) {
  const text = (key: Exclude<keyof UpstreamDraft, 'kind'>) => ({
    value: draft[key],
    onChange: (value: string) => onChange({ [key]: value }),
  });
  return (
    <>
      <Radios
        legend="How is it spoken to?"
        value={draft.kind}
        onChange={(kind) => onChange({ kind: kind === 'anthropic' ? 'anthropic' : 'openai' })}
        choices={kinds}
      />
      <TextField label="Address" hint="https, without /v1 at its end." exact {...text('baseUrl')} />
      <TextField label="What the model is called there" exact {...text('modelName')} />
      <TextField
        label="Its key"
        hint={
          isNew
            ? 'Kept encrypted, sent to that address alone, shown to nobody.'
            : 'Left empty, the one that stands stays.'
        }
        type="password"
        autoComplete="off"
        {...text('secret')}
      />
      <TextField label="Tokens of input and output at most" exact {...text('contextTokens')} />
      <TextField label="Tokens of output at most" exact {...text('outputMax')} />
      {draft.kind === 'openai' ? (
        <Select
          label="How a chat’s limit of output is called there"
          hint="An endpoint that passes over one of the names would answer without a limit."
          {...text('limitName')}
          choices={[['', 'either name'], ...chatLimitNames.map((name) => [name, name] as const)]}
        />
      ) : null}
      <TextField
        label="Calls at one time"
        hint="From each process of the gateway; what comes beyond waits its turn."
        exact
        {...text('concurrent')}
      />
      <TextField
        label="Place"
        hint="Endpoints with a smaller number are tried first."
        exact
        {...text('place')}
      />
      <Prices text={text} />
    </>
  );
}

interface PricesProps {
  readonly text: (key: Exclude<keyof UpstreamDraft, 'kind'>) => {
    readonly value: string;
    readonly onChange: (value: string) => void;
  };
}

function Prices({ text }: PricesProps) {
  const price = 'For a million tokens, such as 2.50.';
  return (
    <>
      <TextField label="Currency" exact maxLength={16} {...text('currency')} />
      <TextField label="Price of input" hint={price} exact {...text('inputPrice')} />
      <TextField label="Price of output" hint={price} exact {...text('outputPrice')} />
      <details className="fold">
        <summary>Prices of a cache</summary>
        <TextField
          label="Price of input read from a cache"
          hint="Left empty, that of input."
          exact
          {...text('cacheReadPrice')}
        />
        <TextField
          label="Price of input written to a cache"
          hint="Left empty, that of input."
          exact
          {...text('cacheWritePrice')}
        />
      </details>
    </>
  );
}

interface ModelFieldProps {
  readonly value: string;
  readonly onChange: (model: string) => void;
}

/** A model of one's own, by the codenames it had. */
function ModelField({ value, onChange }: ModelFieldProps) {
  const { loaded } = useLoad(engage.models, { query: { limit: 200 } });
  const models = loaded.state === 'ready' ? loaded.data.items : [];
  return (
    <Select
      label="Model"
      value={value}
      onChange={onChange}
      choices={[
        ['', 'Choose'],
        ...models.map(({ id, codenames }) => [id, codenames.join(', ') || id] as const),
      ]}
    />
  );
}
