import type { Body, Output } from '@breakwater/contract';
import { directory } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseId, parseInstant } from '@breakwater/kernel';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Check, type Choice, Radios, Select, TextField } from '../../ui/field.tsx';
import { Time, useNow } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { ActForm } from './act-form.tsx';
import { actsBySlice, forAgents } from './key-scope.ts';
import { useMe } from './me.ts';
import { Show } from './problem-note.tsx';
import { useAct, useLoad } from './server.ts';

const dayMs = 86_400_000;

const scopes = [
  [
    'agent',
    'What an agent needs',
    'Claims, pre-checks, hands in findings and asks what became of them; nothing else.',
  ],
  ['chosen', 'What you choose', 'Tick each act below.'],
  ['all', 'All that your role may', 'For a program that you trust as you trust yourself.'],
] as const;
type Scope = (typeof scopes)[number][0];

const ends = [
  ['7', 'in a week'],
  ['30', 'in 30 days'],
  ['90', 'in 90 days'],
  ['365', 'in a year'],
  ['', 'never'],
] as const;

const newService = 'new';

/** Makes a key that may no more than it is for, and ends by itself. */
export function NewKey({ party }: { readonly party: Id<'party'> }) {
  const now = useNow(60_000);
  const permissions = useMe()?.permissions ?? [];
  const { act, busy, problem } = useAct(directory.addKey);
  const adding = useAct(directory.addService);
  const members = useLoad(directory.listMembers, { query: { party, limit: 200 } });
  const [made, setMade] = useState<Output<typeof directory.addKey> | null>(null);
  const [label, setLabel] = useState('');
  const [speaker, setSpeaker] = useState('');
  const [service, setService] = useState('');
  const [days, setDays] = useState('30');
  const [scope, setScope] = useState<Scope>('agent');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  if (made !== null) return <Made made={made} onTaken={() => setMade(null)} />;

  function missing(): string | null {
    if (label.trim() === '') return 'Name it first.';
    if (speaker === newService && service.trim() === '') return 'Name the service first.';
    return scope === 'chosen' && chosen.length === 0 ? 'Choose what it may do first.' : null;
  }

  function body(member: Id<'member'> | null): Body<typeof directory.addKey> {
    const end = days === '' ? null : parseInstant(endOf(now, Number(days)));
    const ids = scope === 'agent' ? forAgents.filter((id) => permissions.includes(id)) : chosen;
    return {
      label: label.trim(),
      ...(member === null ? {} : { member }),
      ...(scope === 'all' ? {} : { scope: [...ids] }),
      ...(end === null ? {} : { expiresAt: end }),
    };
  }

  function make(member: Id<'member'> | null): void {
    act({ params: { party }, body: body(member) }, (key) => {
      setMade(key);
      setLabel('');
    });
  }

  function submit(): void {
    if (speaker !== newService) {
      make(parseId('member', speaker));
      return;
    }
    adding.act({ body: { name: service.trim() } }, ({ id }) => {
      // Where its key is refused it is there all the same, and is not added again.
      setSpeaker(id);
      setService('');
      make(id);
    });
  }

  return (
    <ActForm
      label="Make a key"
      busy={busy || adding.busy}
      problem={problem ?? adding.problem}
      reason={missing()}
      onSubmit={submit}
    >
      <TextField
        label="Name of the new key"
        hint="What uses it, such as: nightly fuzzing."
        value={label}
        onChange={setLabel}
        maxLength={300}
      />
      <Show what="services" {...members}>
        {({ items }) => (
          <Select
            label="Speaks for"
            hint="A service account has keys and cannot sign in. Keys to models are a person’s or a service’s."
            value={speaker}
            onChange={setSpeaker}
            choices={[
              ['', 'the party'],
              ...items
                .filter(({ kind }) => kind === 'service')
                .map(({ id, name }): Choice => [id, name]),
              [newService, 'a new service account'],
            ]}
          />
        )}
      </Show>
      {speaker === newService ? (
        <TextField
          label="Name of the service"
          hint="As others of your party shall read it, such as: Night scans."
          value={service}
          onChange={setService}
          maxLength={300}
        />
      ) : null}
      <Radios
        legend="What it may do"
        value={scope}
        onChange={(value) => setScope(scopes.find(([known]) => known === value)?.[0] ?? scope)}
        choices={scopes}
      />
      {scope === 'chosen' ? (
        <Acts permissions={permissions} chosen={chosen} onChange={setChosen} />
      ) : null}
      <Select label="Ends" value={days} onChange={setDays} choices={ends} />
    </ActForm>
  );
}

interface ActsProps {
  readonly permissions: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Every act that the role allows, to be ticked. */
function Acts({ permissions, chosen, onChange }: ActsProps) {
  return actsBySlice(permissions).map(([slice, acts]) => (
    <details key={slice} className="field">
      <summary>
        {slice}: {acts.filter(({ id }) => chosen.includes(id)).length} of {acts.length}
      </summary>
      {acts.map(({ id, summary }) => (
        <Check
          key={id}
          label={summary}
          more={id}
          checked={chosen.includes(id)}
          onChange={(checked) =>
            onChange(checked ? [...chosen, id] : chosen.filter((each) => each !== id))
          }
        />
      ))}
    </details>
  ));
}

interface MadeProps {
  readonly made: Output<typeof directory.addKey>;
  readonly onTaken: () => void;
}

function Made({ made, onTaken }: MadeProps) {
  return (
    <Note tone="held" title="Here is the key" role="status">
      <p className="small">
        It is shown this once.{' '}
        {made.expiresAt === null ? (
          'It ends when you cut it off.'
        ) : (
          <>
            It ends <Time at={made.expiresAt} />.
          </>
        )}{' '}
        Keep it where your scanner or agent reads it.
      </p>
      <Command text={made.key} what="the key" />
      <Button onPress={onTaken}>I have it</Button>
    </Note>
  );
}

function endOf(now: number, days: number): string {
  return new Date(now + days * dayMs).toISOString();
}
