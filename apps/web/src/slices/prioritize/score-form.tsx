import type { ScoreStatement } from '@breakwater/contract';
import { prioritize } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import type { Choice } from '../../ui/field.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';

interface ScoreFormProps {
  readonly id: Id<'case'>;
  readonly onDone: () => void;
}

const unknown: Choice = ['', 'not known'];
const asked = [
  ['exploitation', 'Exploitation', 'What is known to happen.', ['none', 'public poc', 'active']],
  ['automatable', 'Automatable', 'Can the attack be repeated without a person?', ['no', 'yes']],
  ['technicalImpact', 'Technical impact', 'How much control it gives.', ['partial', 'total']],
  ['missionPrevalence', 'Mission prevalence', '', ['minimal', 'support', 'essential']],
  ['publicWellBeing', 'Public well-being', '', ['minimal', 'material', 'irreversible']],
  [
    'publiclyExposed',
    'Publicly exposed',
    'Reachable from the internet as usually run.',
    ['no', 'yes'],
  ],
] as const;

/** What a person knows; the tables do the rest, and what is missing is named as missing. */
export function ScoreForm({ id, onDone }: ScoreFormProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(prioritize.score);
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({});
  const set = (name: string) => (value: string) => setSaid({ ...said, [name]: value });
  return (
    <ActForm
      label="Score"
      busy={busy}
      problem={problem}
      onSubmit={() => {
        const given = Object.entries(said).filter(([, value]) => value.trim() !== '');
        // Each value comes from a list of the statement's own words, or is checked by the server.
        const body = Object.fromEntries(given) as ScoreStatement;
        act({ params: { case: id }, body }, () => {
          say('Scored.');
          onDone();
        });
      }}
    >
      <p className="small soft">
        What you do not know, leave: it is shown as missing, with what was assumed.
      </p>
      {asked.map(([name, label, hint, values]) => (
        <Select
          key={name}
          label={label}
          {...(hint === '' ? {} : { hint })}
          value={said[name] ?? ''}
          onChange={set(name)}
          choices={[unknown, ...values.map((value): Choice => [value, value])]}
        />
      ))}
      <TextField
        label="CVSS vector"
        hint="Such as CVSS:4.0/AV:N/AC:L/…"
        value={said['cvss'] ?? ''}
        onChange={set('cvss')}
        maxLength={300}
        exact
      />
      <TextField
        label="CVE"
        hint="Its rows in KEV and EPSS apply."
        value={said['cve'] ?? ''}
        onChange={set('cve')}
        maxLength={30}
        exact
      />
    </ActForm>
  );
}
