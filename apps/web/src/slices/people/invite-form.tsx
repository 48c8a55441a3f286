import type { Output, Role } from '@breakwater/contract';
import { directory, roles } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Command } from '../../ui/copy.tsx';
import { Check, Radios, TextField } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { ActForm } from '../session/act-form.tsx';
import { LocalLinkNote } from '../session/local-link-note.tsx';
import { useAct } from '../session/server.ts';

const roleWords = {
  coordinator: 'runs this clearinghouse and sees every case',
  finder: 'hands in findings and learns what became of them',
  owner: 'maintains software and hears of its cases at its own pace',
  operator: 'runs software and gets cards that say what to do',
  auditor: 'checks the record and sees no case',
  evaluator: 'keeps sealed benchmarks of models, runs them and reads what came of them',
  developer: 'develops AI models and may have one looked at before its release',
  liaison: 'works with developers and partners on behalf of the Government',
  official: 'the designating official, who alone enters determinations',
} as const satisfies Record<Role, string>;

interface InviteFormProps {
  /** The party to invite into; absent: a new one. */
  readonly party?: { readonly id: Id<'party'>; readonly name: string };
}

/** Makes a link for one person: into a party, or as the first of a new one. */
export function InviteForm({ party }: InviteFormProps) {
  const { act, busy, problem } = useAct(directory.invite);
  const [made, setMade] = useState<Output<typeof directory.invite> | null>(null);
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('finder');
  const [email, setEmail] = useState('');
  const [manages, setManages] = useState(party === undefined);
  if (made !== null) return <Made made={made} />;
  const missing = party === undefined && name.trim() === '' ? 'Name the new party first.' : null;
  return (
    <ActForm
      label="Make the link"
      busy={busy}
      problem={problem}
      reason={missing}
      onSubmit={() => {
        const into =
          party === undefined ? { newParty: { name: name.trim(), role } } : { party: party.id };
        const address = email.trim() === '' ? {} : { email: email.trim() };
        act({ body: { ...into, ...address, manages } }, setMade);
      }}
    >
      {party === undefined ? (
        <>
          <TextField
            label="Name of the new party"
            hint="The organization or person, as others here shall read it."
            value={name}
            onChange={setName}
            maxLength={300}
          />
          <Radios
            legend="Role"
            value={role}
            onChange={(value) => setRole(roles.find((one) => one === value) ?? 'finder')}
            choices={roles.map((one) => [one, one, roleWords[one]] as const)}
          />
        </>
      ) : (
        <Check
          label="May manage the party"
          more="Invite and remove members, make keys, leave."
          checked={manages}
          onChange={setManages}
        />
      )}
      <TextField
        label="Mail address (you may leave it empty)"
        hint="Fills in the form of whoever joins."
        type="email"
        value={email}
        onChange={setEmail}
        maxLength={300}
      />
    </ActForm>
  );
}

function Made({ made }: { readonly made: Output<typeof directory.invite> }) {
  return (
    <>
      <Note tone="held" title="Here is the link" role="status">
        <p className="small">
          It is shown this once, works once, and ends <Time at={made.expiresAt} />. Whoever has it
          can use it.
        </p>
        <Command text={made.link} what="the link" />
      </Note>
      <LocalLinkNote link={made.link} />
    </>
  );
}
