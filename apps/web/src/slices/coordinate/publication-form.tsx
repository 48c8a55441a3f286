import type { Patch } from '@breakwater/contract';
import { Button } from '../../ui/button.tsx';
import { Check, Select, TextArea, TextField } from '../../ui/field.tsx';
import type { AffectedRow, Draft } from './publication.ts';
import { ecosystems } from './publication.ts';

interface PublicationFormProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly patches: readonly Patch[];
}

/** Fields that take one thing a line. */
const linesOf = [
  { name: 'aliases', label: 'Other names', hint: 'CVE, GHSA and the like, one a line.' },
  {
    name: 'severity',
    label: 'Severity',
    hint: 'CVSS vectors, one a line, such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N.',
  },
  {
    name: 'weaknesses',
    label: 'Kind of weakness',
    hint: 'Such as CWE-787, one a line, the one that matters most first.',
  },
  { name: 'references', label: 'To read more', hint: 'Addresses, one a line.' },
] as const;

/** The advisory as a form: what happened, what is affected, where more is to be read. */
export function PublicationForm({ draft, onChange, patches }: PublicationFormProps) {
  const set = (change: Partial<Draft>): void => onChange({ ...draft, ...change });
  return (
    <div className="form">
      <TextField
        label="Summary"
        hint="One line that somebody who runs this software understands."
        value={draft.summary}
        onChange={(summary) => set({ summary })}
        maxLength={300}
      />
      <TextArea
        label="Details"
        hint="What can happen, to whom, and what to do. Plain text."
        value={draft.details}
        onChange={(details) => set({ details })}
        rows={8}
        maxLength={100_000}
      />
      <fieldset className="field affected">
        <legend>What is affected</legend>
        {draft.affected.map((row, at) => (
          <AffectedFields
            key={row.key}
            row={row}
            onChange={(changed) => set({ affected: draft.affected.with(at, changed) })}
            onRemove={
              draft.affected.length === 1
                ? null
                : () => set({ affected: draft.affected.filter(({ key }) => key !== row.key) })
            }
          />
        ))}
        <Button
          onPress={() => {
            const last = draft.affected.at(-1);
            const key = (last?.key ?? 0) + 1;
            const ecosystem = last?.ecosystem ?? 'npm';
            const row = { key, ecosystem, package: '', introduced: '0', fixed: '', binaries: '' };
            set({ affected: [...draft.affected, row] });
          }}
        >
          Another package
        </Button>
      </fieldset>
      {linesOf.map(({ name, label, hint }) => (
        <TextArea
          key={name}
          label={`${label} (you may leave it empty)`}
          hint={hint}
          value={draft[name]}
          onChange={(text) => set({ [name]: text })}
          rows={2}
          exact
        />
      ))}
      <Select
        label="Patch for those no fixed version reaches"
        hint="Verified patches of this case."
        value={draft.patch}
        onChange={(patch) => set({ patch })}
        choices={[['', 'none'], ...patches.map(({ id, title }) => [id, `“${title}”`] as const)]}
      />
      <Check
        label="Credit the finders"
        more="Each exactly as that finder chose; nobody else can change it."
        checked={draft.creditFinders}
        onChange={(creditFinders) => set({ creditFinders })}
      />
    </div>
  );
}

interface AffectedFieldsProps {
  readonly row: AffectedRow;
  readonly onChange: (row: AffectedRow) => void;
  /** null: the last row stays. */
  readonly onRemove: (() => void) | null;
}

function AffectedFields({ row, onChange, onRemove }: AffectedFieldsProps) {
  const set = (change: Partial<AffectedRow>): void => onChange({ ...row, ...change });
  return (
    <div className="affected-row">
      <Select
        label="Ecosystem"
        value={row.ecosystem}
        onChange={(ecosystem) => set({ ecosystem })}
        choices={ecosystems.map((name) => [name, name] as const)}
      />
      <TextField
        label="Package"
        value={row.package}
        onChange={(name) => set({ package: name })}
        exact
      />
      <TextField
        label="First affected version"
        hint="0: every version before the fix."
        value={row.introduced}
        onChange={(introduced) => set({ introduced })}
        exact
      />
      <TextField
        label="First fixed version"
        value={row.fixed}
        onChange={(fixed) => set({ fixed })}
        exact
      />
      {row.ecosystem.startsWith('Debian') ? (
        <TextField
          label="Binary packages built from it"
          hint="For operators whose list names only these."
          value={row.binaries}
          onChange={(binaries) => set({ binaries })}
          exact
        />
      ) : null}
      {onRemove === null ? null : (
        <Button kind="quiet" onPress={onRemove}>
          Remove this package
        </Button>
      )}
    </div>
  );
}
