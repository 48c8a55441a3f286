import type { GatewayUpstream } from '@breakwater/contract';
import { engage, gateway, gatewayRecord } from '@breakwater/contract';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { countWords } from '../../ui/size.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { type Health, healthIn } from './endpoint-health.ts';
import { figure } from './figures.ts';
import { priceText } from './upstream-draft.ts';
import { UpstreamForm } from './upstream-form.tsx';

type Open =
  | { readonly what: 'form'; readonly standing: GatewayUpstream | null }
  | { readonly what: 'remove'; readonly standing: GatewayUpstream }
  | null;

/** A developer's endpoints: where the gateway sends what partners call. */
export function UpstreamsTab() {
  const [open, setOpen] = useState<Open>(null);
  const read = useLoad(gateway.upstreams, {});
  const names = useModelNames();
  const health = useHealth();
  const close = () => setOpen(null);
  return (
    <>
      <Show what="your endpoints" {...read}>
        {({ items }) => {
          const standing = items.filter(({ removedAt }) => removedAt === null);
          return standing.length === 0 ? (
            <EmptyState title="No endpoint">
              <p>
                Name where a model of yours answers, with its prices and bounds. Its key is kept
                encrypted and sent there alone.
              </p>
            </EmptyState>
          ) : (
            <div className="partner-rows">
              <Table
                caption="Endpoints"
                columns={columns}
                rows={standing.map((each) => ({
                  ...each,
                  modelWords: names(each.model),
                  health: health.get(each.id) ?? null,
                  acts: (
                    <Acts
                      of={each.baseUrl ?? 'an address erased'}
                      onChange={() => setOpen({ what: 'form', standing: each })}
                      onRemove={() => setOpen({ what: 'remove', standing: each })}
                    />
                  ),
                }))}
                keyOf={({ id }) => id}
              />
            </div>
          );
        }}
      </Show>
      <div className="mt-4">
        <Buttons>
          <Button onPress={() => setOpen({ what: 'form', standing: null })}>Add an endpoint</Button>
        </Buttons>
      </div>
      {open?.what === 'form' ? (
        <Dialog
          open
          onClose={close}
          title={open.standing === null ? 'Add an endpoint' : 'Change the endpoint'}
        >
          <UpstreamForm standing={open.standing} onDone={close} />
        </Dialog>
      ) : null}
      {open?.what === 'remove' ? <Remove upstream={open.standing} onDone={close} /> : null}
    </>
  );
}

/** The newest requests that are told at once. */
const newest = 200;

function useHealth(): ReadonlyMap<string, Health> {
  const { loaded } = useLoad(gatewayRecord.requests, {
    query: { side: 'developer', limit: newest },
  });
  return healthIn(loaded.state === 'ready' ? loaded.data.items : []);
}

/** What models of one's own are called, by their ids. */
function useModelNames(): (model: string) => string {
  const { loaded } = useLoad(engage.models, { query: { limit: 200 } });
  const models = loaded.state === 'ready' ? loaded.data.items : [];
  const names = new Map<string, string>(
    models.map(({ id, codenames }) => [id, codenames[0] ?? id]),
  );
  return (model) => names.get(model) ?? model;
}

interface ActsProps {
  readonly of: string;
  readonly onChange: () => void;
  readonly onRemove: () => void;
}

function Acts({ of, onChange, onRemove }: ActsProps) {
  return (
    <Buttons>
      <Button kind="quiet" label={`Change ${of}`} onPress={onChange}>
        Change
      </Button>
      <Button kind="quiet" label={`Remove ${of}`} onPress={onRemove}>
        Remove
      </Button>
    </Buttons>
  );
}

interface Row extends GatewayUpstream {
  readonly modelWords: string;
  readonly health: Health | null;
  readonly acts: ReactNode;
}

const speechWords = { openai: 'OpenAI’s form', anthropic: 'Anthropic’s form' } as const;

const columns: readonly Column<Row>[] = [
  {
    key: 'where',
    head: 'Where',
    cell: ({ baseUrl, modelName, kind }) => (
      <>
        <code>{baseUrl ?? 'erased'}</code>
        <span className="small soft under">
          <code>{modelName ?? 'erased'}</code>, {speechWords[kind]}
        </span>
      </>
    ),
  },
  { key: 'model', head: 'Model', cell: ({ modelWords }) => modelWords },
  { key: 'place', head: 'Place', figure: true, cell: ({ place }) => place },
  {
    key: 'bounds',
    head: 'Tokens at most, of them out',
    figure: true,
    cell: ({ contextTokens, outputMax }) => `${figure(contextTokens)}, ${figure(outputMax)}`,
  },
  {
    key: 'prices',
    head: 'A million tokens in, out',
    figure: true,
    cell: ({ prices: { inputMicros, outputMicros, currency } }) =>
      `${priceText(inputMicros)}, ${priceText(outputMicros)} ${currency}`,
  },
  { key: 'lately', head: 'Lately', cell: ({ health }) => <Lately health={health} /> },
  { key: 'acts', head: 'Act', cell: ({ acts }) => acts },
];

/** How it answered, of the newest requests. */
function Lately({ health }: Pick<Row, 'health'>) {
  if (health === null) return <span className="faint">not called</span>;
  const { good, requests, lastAt, lastBadAt, isNowhere } = health;
  return (
    <>
      {figure(good)} of {countWords(requests, 'request')} answered, last <Ago at={lastAt} brief />
      {lastBadAt === null ? null : (
        <span className="small late under">
          an error of its own <Ago at={lastBadAt} brief />
        </span>
      )}
      {isNowhere ? (
        <span className="small late under">
          It has no address where this installation may call: see that its name is known and leads
          to the open net, or ask the operator which networks endpoints may lie in.
        </span>
      ) : null}
    </>
  );
}

interface RemoveProps {
  readonly upstream: GatewayUpstream;
  readonly onDone: () => void;
}

function Remove({ upstream, onDone }: RemoveProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(gateway.removeUpstream);
  return (
    <Dialog
      open
      onClose={onDone}
      title="Remove the endpoint"
      lede="Nothing is sent there any more, and its key is erased. What is under way there breaks off."
    >
      <ActForm
        label="Remove it"
        danger
        busy={busy}
        problem={problem}
        onSubmit={() =>
          act({ params: { upstream: upstream.id }, body: {} }, () => {
            say('Removed.');
            onDone();
          })
        }
      >
        <p>
          <code>{upstream.baseUrl ?? 'An address erased'}</code>
        </p>
      </ActForm>
    </Dialog>
  );
}
