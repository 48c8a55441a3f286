import type { OwnTemplate } from '@breakwater/contract';
import { gateway, gatewayJobs } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { RawText } from '../../ui/quote.tsx';
import { useSay } from '../../ui/toast.tsx';
import { AskFirst } from '../session/ask-first.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { figure } from './figures.ts';
import { useNames } from './names-of.ts';
import { TemplateForm } from './template-form.tsx';

/** What is run for partners who get outputs instead of the model itself. */
export function TemplatesTab() {
  const [stating, setStating] = useState(false);
  const read = useLoad(gatewayJobs.templates, {});
  const allotments = useLoad(gateway.allotments, {});
  const nameOf = useNames();
  const scopes =
    allotments.loaded.state === 'ready' ? allotments.loaded.data.items.map(({ of }) => of) : [];
  const close = () => setStating(false);
  return (
    <>
      <Show what="templates" {...read}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing is run for partners">
              <p>
                State instructions and what a partner hands in, such as a repository or an alert.
                The model runs on it, and the partner gets the result alone.
              </p>
            </EmptyState>
          ) : (
            <div className="partner-cards">
              {items.map((template) => (
                <TemplateCard key={template.id} template={template} name={nameOf(template.of)} />
              ))}
            </div>
          )
        }
      </Show>
      <Buttons>
        <Button
          reason={scopes.length === 0 ? 'State limits of a window or a tier first.' : null}
          onPress={() => setStating(true)}
        >
          State a template
        </Button>
      </Buttons>
      {stating ? (
        <Dialog
          open
          wide
          onClose={close}
          title="State a template"
          lede="It does not change once stated. Partners read its name, its purpose and its fields; the instructions they do not."
        >
          <TemplateForm
            scopes={scopes.map((scope) => [scope, nameOf(scope)] as const)}
            onDone={close}
          />
        </Dialog>
      ) : null}
    </>
  );
}

interface CardProps {
  readonly template: OwnTemplate;
  /** What its window or tier is called. */
  readonly name: string;
}

function TemplateCard({ template, name }: CardProps) {
  const { id, fields, repository, outputTokensMax, instructions, at, withdrawnAt } = template;
  const asked = [...fields, ...(repository === undefined ? [] : [repository])];
  const say = useSay();
  const { act, busy, problem } = useAct(gatewayJobs.withdrawTemplate);
  return (
    <article className="partner-card" aria-label={template.name}>
      <h2>{template.name}</h2>
      <p className="soft">{template.purpose}</p>
      <Facts
        items={[
          ['For', name],
          ['Handed in', asked.map(({ about }) => about).join('; ')],
          ...(repository === undefined
            ? []
            : [
                [
                  'Files',
                  `${repository.endings.join(', ') || 'every text'}; up to ${figure(repository.callsMax)} calls of ${figure(repository.charsMax)} characters`,
                ] as const,
              ]),
          [
            'Result',
            `at most ${figure(outputTokensMax)} tokens${repository === undefined ? '' : ' a call'}`,
          ],
          ['Stated', <Time key="at" at={at} />],
          ...(withdrawnAt === null
            ? []
            : [['Withdrawn', <Time key="withdrawn" at={withdrawnAt} />] as const]),
        ]}
      />
      {instructions === null ? (
        <p className="small soft">Its instructions were erased.</p>
      ) : (
        <RawText label="The instructions" text={instructions} />
      )}
      {withdrawnAt === null ? (
        <Buttons>
          <AskFirst
            words="Withdraw"
            name={`Withdraw ${template.name}`}
            kind="danger"
            title={`Withdraw ${template.name}`}
            lede="For good: nobody can have it run any more, and jobs under way end before their next call. Results stay with those they are for."
            does="Withdraw it"
            busy={busy}
            problem={problem}
            onDo={(close) =>
              act({ params: { template: id }, body: {} }, () => {
                close();
                say('Withdrawn.');
              })
            }
          />
        </Buttons>
      ) : null}
    </article>
  );
}
